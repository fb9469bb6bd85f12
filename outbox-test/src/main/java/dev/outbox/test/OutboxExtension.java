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

package dev.outbox.test;

import java.lang.reflect.Constructor;
import java.util.Set;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.beans.factory.annotation.ParameterResolutionDelegate;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Gives test methods what observes and drives the outbox, as parameters, and lets each of
 * them begin with an empty outbox.
 */
public final class OutboxExtension implements BeforeEachCallback, ParameterResolver {

	private static final String TRANSACTIONAL = "A test of the outbox must not be transactional: what is rolled back is"
			+ " never published. Take @Transactional away; where a slice like @DataJpaTest brings it, add"
			+ " @Transactional(propagation = Propagation.NOT_SUPPORTED)";

	private static final Set<Class<?>> TYPES = Set.of(PublishedEvents.class, StepRelay.class, InMemoryTransport.class,
			TestClock.class);

	@Override
	public void beforeEach(ExtensionContext context) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new IllegalStateException(TRANSACTIONAL);
		}
		ApplicationContext application = SpringExtension.getApplicationContext(context);
		application.getBeanProvider(TestClock.class).ifAvailable(TestClock::reset);
		application.getBeanProvider(InMemoryTransport.class).forEach((transport) -> {
			transport.heal();
			transport.clear();
		});
		application.getBeanProvider(StepRelay.class).ifAvailable(StepRelay::reset);
		application.getBeanProvider(PublishedEvents.class).ifAvailable(PublishedEvents::clear);
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return TYPES.contains(parameter.getParameter().getType()) && !isResolvedBySpring(parameter);
	}

	/**
	 * There must be one who resolves a parameter.
	 */
	private static boolean isResolvedBySpring(ParameterContext parameter) {
		return parameter.getDeclaringExecutable() instanceof Constructor
				|| ParameterResolutionDelegate.isAutowirable(parameter.getParameter(), parameter.getIndex());
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return SpringExtension.getApplicationContext(context).getBean(parameter.getParameter().getType());
	}

}
