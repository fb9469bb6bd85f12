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

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizer;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets the guard see the transactions of every transaction manager, whoever has defined
 * it: Spring Boot's are customized, which also reaches those that are created too early
 * for a post-processor; the application's own are post-processed.
 */
public final class TransactionGuardRegistrar
		implements BeanPostProcessor, TransactionManagerCustomizer<ConfigurableTransactionManager> {

	private final Function<ConfigurableTransactionManager, List<TransactionExecutionListener>> listeners;

	/**
	 * Creates the registrar.
	 * @param listeners returns what is to see the transactions of a manager; asked for
	 * once, when its first transaction begins: a transaction manager may be created
	 * before the database's client is
	 */
	public TransactionGuardRegistrar(
			Function<ConfigurableTransactionManager, List<TransactionExecutionListener>> listeners) {
		this.listeners = listeners;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConfigurableTransactionManager manager) {
			customize(manager);
		}
		return bean;
	}

	@Override
	public void customize(ConfigurableTransactionManager manager) {
		boolean seen = manager.getTransactionExecutionListeners()
			.stream()
			.anyMatch((listener) -> listener instanceof LateListener late && late.registrar() == this);
		if (!seen) {
			manager.addListener(new LateListener(this, SingletonSupplier.of(() -> this.listeners.apply(manager))));
		}
	}

	/**
	 * Tells all listeners.
	 *
	 * @param registrar what has added it
	 * @param all the listeners
	 */
	private record LateListener(TransactionGuardRegistrar registrar,
			SingletonSupplier<List<TransactionExecutionListener>> all) implements TransactionExecutionListener {

		@Override
		public void beforeBegin(TransactionExecution transaction) {
			this.all.obtain().forEach((listener) -> listener.beforeBegin(transaction));
		}

		@Override
		public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
			this.all.obtain().forEach((listener) -> listener.afterBegin(transaction, beginFailure));
		}

		@Override
		public void beforeCommit(TransactionExecution transaction) {
			this.all.obtain().forEach((listener) -> listener.beforeCommit(transaction));
		}

		@Override
		public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
			this.all.obtain().forEach((listener) -> listener.afterCommit(transaction, commitFailure));
		}

		@Override
		public void beforeRollback(TransactionExecution transaction) {
			this.all.obtain().forEach((listener) -> listener.beforeRollback(transaction));
		}

		@Override
		public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
			this.all.obtain().forEach((listener) -> listener.afterRollback(transaction, rollbackFailure));
		}

	}

}
