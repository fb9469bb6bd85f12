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

package com.example.toyoutbox;

import java.nio.file.Path;
import java.time.Clock;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.PollingSignals;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Auto-configuration of the store and the transport. Comes before what asks for them.
 */
// tag::order[]
@AutoConfiguration(beforeName = { "dev.outbox.autoconfigure.publish.OutboxRecordAutoConfiguration",
		"dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
		"org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration" })
@ConditionalOnOutboxEnabled
// end::order[]
public final class ToyOutboxAutoConfiguration {

	/**
	 * Events carry their partitions: the number is the one that the publisher has.
	 */
	@Bean
	@ConditionalOnMissingBean
	ToyDatabase toyDatabase(Environment environment) {
		return new ToyDatabase(Clock.systemUTC(),
				environment.getProperty("outbox.relay.partitions", Integer.class, 64));
	}

	@Bean
	@ConditionalOnMissingBean
	ToyTransactionManager transactionManager(ToyDatabase database) {
		return new ToyTransactionManager(database);
	}

	@Bean
	StoreTransactionOperations toyTransactionOperations(ToyTransactionManager manager) {
		return new StoreTransactionOperations(new TransactionTemplate(manager));
	}

	@Bean
	ToyStoreTransactions toyStoreTransactions(ToyDatabase database) {
		return new ToyStoreTransactions(database);
	}

	@Bean
	ToyEventStore toyEventStore(ToyDatabase database) {
		return new ToyEventStore(database);
	}

	@Bean
	ToyRelayStore toyRelayStore(ToyDatabase database) {
		return new ToyRelayStore(database);
	}

	@Bean
	ToyLeaseStore toyLeaseStore(ToyDatabase database) {
		return new ToyLeaseStore(database);
	}

	@Bean
	ToyDeadLetterStore toyDeadLetterStore(ToyDatabase database) {
		return new ToyDeadLetterStore(database);
	}

	@Bean
	ToyHoldStore toyHoldStore(ToyDatabase database) {
		return new ToyHoldStore(database);
	}

	@Bean
	ToyHousekeepingStore toyHousekeepingStore(ToyDatabase database) {
		return new ToyHousekeepingStore(database);
	}

	@Bean
	CommitSignals toyCommitSignals() {
		return new PollingSignals();
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnProperty("toy.directory")
	LogFileTransport logFileTransport(Environment environment) {
		return new LogFileTransport(Path.of(environment.getRequiredProperty("toy.directory")), Clock.systemUTC());
	}

}
