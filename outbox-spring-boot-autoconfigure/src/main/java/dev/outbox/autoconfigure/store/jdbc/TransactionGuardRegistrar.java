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

package dev.outbox.autoconfigure.store.jdbc;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
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
final class TransactionGuardRegistrar
		implements BeanPostProcessor, TransactionManagerCustomizer<ConfigurableTransactionManager> {

	private final TransactionExecutionListener listener;

	TransactionGuardRegistrar(ObjectProvider<TransactionGuard> guard) {
		this.listener = new LateListener(guard);
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
		if (!manager.getTransactionExecutionListeners().contains(this.listener)) {
			manager.addListener(this.listener);
		}
	}

	/**
	 * Asks for the guard when the first transaction begins: a transaction manager may be
	 * created before the data source is.
	 */
	private static final class LateListener implements TransactionExecutionListener {

		private final SingletonSupplier<TransactionExecutionListener> guard;

		LateListener(ObjectProvider<TransactionGuard> guard) {
			this.guard = SingletonSupplier.of(() -> guard.getObject().transactions());
		}

		@Override
		public void beforeBegin(TransactionExecution transaction) {
			this.guard.obtain().beforeBegin(transaction);
		}

		@Override
		public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
			this.guard.obtain().afterBegin(transaction, beginFailure);
		}

		@Override
		public void beforeCommit(TransactionExecution transaction) {
			this.guard.obtain().beforeCommit(transaction);
		}

		@Override
		public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
			this.guard.obtain().afterCommit(transaction, commitFailure);
		}

		@Override
		public void beforeRollback(TransactionExecution transaction) {
			this.guard.obtain().beforeRollback(transaction);
		}

		@Override
		public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
			this.guard.obtain().afterRollback(transaction, rollbackFailure);
		}

	}

}
