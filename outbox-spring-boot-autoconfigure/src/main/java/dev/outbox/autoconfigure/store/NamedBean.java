/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.autoconfigure.store;

import java.util.Arrays;
import java.util.stream.Collectors;

import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.BeanNotOfRequiredTypeException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.core.env.Environment;

/**
 * A bean of the application that a property names.
 *
 * @param <T> type of the bean
 * @param property the property, as it is set for the outbox
 * @param name name of the bean
 * @param type type of the bean
 */
public record NamedBean<T>(String property, String name, Class<T> type) {

	/**
	 * Returns what a property of a single outbox names.
	 * @param <T> type of the bean
	 * @param property the property, as it is for a single outbox
	 * @param name name of the bean
	 * @param type type of the bean
	 * @param environment tells whether it is set for one of several outboxes
	 * @return the bean's name, and what has set it
	 */
	public static <T> NamedBean<T> of(String property, String name, Class<T> type, Environment environment) {
		return new NamedBean<>(OutboxInstanceNames.property(environment, property), name, type);
	}

	/**
	 * Returns the bean.
	 * @param beans where it is
	 * @return the bean
	 * @throws InvalidOutboxPropertyException if there is none of this name and type
	 */
	public T from(ListableBeanFactory beans) {
		try {
			return beans.getBean(this.name, this.type);
		}
		catch (NoSuchBeanDefinitionException | BeanNotOfRequiredTypeException ex) {
			throw invalid("be the name of a bean of type " + this.type.getSimpleName() + " (" + names(beans) + ")");
		}
	}

	private String names(ListableBeanFactory beans) {
		return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, this.type, true, false))
			.sorted()
			.collect(Collectors.joining(", "));
	}

	InvalidOutboxPropertyException invalid(String requirement) {
		return new InvalidOutboxPropertyException(this.property, this.name, requirement);
	}

}
