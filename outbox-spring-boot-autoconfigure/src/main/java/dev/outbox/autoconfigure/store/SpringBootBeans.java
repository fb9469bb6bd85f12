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

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Tells the beans of Spring Boot from those of the application.
 */
public final class SpringBootBeans {

	private SpringBootBeans() {
	}

	/**
	 * Returns whether a bean is one that Spring Boot has configured.
	 * @param beans where the bean is
	 * @param name name of the bean
	 * @param prefix how the names of the configurations begin
	 * @return whether it is
	 */
	public static boolean isConfiguredBy(ConfigurableListableBeanFactory beans, String name, String prefix) {
		if (!beans.containsBeanDefinition(name)) {
			return beans.getParentBeanFactory() instanceof ConfigurableListableBeanFactory parent
					&& isConfiguredBy(parent, name, prefix);
		}
		BeanDefinition definition = beans.getMergedBeanDefinition(name);
		String factory = definition.getFactoryBeanName();
		return factory != null && factory.startsWith(prefix);
	}

}
