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

package dev.outbox.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxPublisher;
import dev.outbox.store.EventStore;
import dev.outbox.store.Partitions;
import dev.outbox.store.jdbc.ConnectionEventStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jpa.JpaEventStore;
import dev.outbox.store.jpa.JpaStoreTransactions;
import dev.outbox.publish.TransactionalOutboxPublisher;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What an event costs a transaction of JPA, stored through JPA and through JDBC beside
 * it. No relay runs.
 */
final class JpaBenchmark {

	private final Servers servers;

	private final Report report;

	private final Options options;

	JpaBenchmark(Servers servers, Report report, Options options) {
		this.servers = servers;
		this.report = report;
		this.options = options;
	}

	void measure(String name, int threads, long transactions) throws Exception {
		try (EventTable table = new PostgresTable(this.servers.postgres());
				PublisherRig rig = new PublisherRig(table.applicationSide(threads), (events) -> {
				});
				HikariDataSource pool = table.address().pool("jpa", threads)) {
			LocalContainerEntityManagerFactoryBean bean = factory(pool);
			try {
				EntityManagerFactory factory = Objects.requireNonNull(bean.getObject());
				run(name, threads, transactions, new Setting(table, rig, pool, factory));
			}
			finally {
				bean.destroy();
			}
		}
	}

	private void run(String name, int threads, long count, Setting setting) throws Exception {
		JpaTransactionManager manager = new JpaTransactionManager(setting.factory());
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(setting.pool());
		manager.addListener(transactions);
		TransactionTemplate template = new TransactionTemplate(manager);
		EventWriter writer = setting.table().dialect().eventWriter(EventTable.NAMES, Duration.ofDays(7));
		JdbcEventStore jdbc = new JdbcEventStore(setting.pool(), writer);
		JpaEventStore jpa = new JpaEventStore(() -> Set.of(setting.factory()),
				(connection) -> new ConnectionEventStore(connection, writer), jdbc);
		JpaStoreTransactions flushing = new JpaStoreTransactions(transactions, () -> Set.of(setting.factory()));
		OutboxPublisher beside = publisher(setting, jdbc, flushing);
		OutboxPublisher through = publisher(setting, jpa, flushing);
		Contest contest = new Contest(this.servers, this.report)
			.add("persist alone", new Writers(setting.table(), threads, template, setting::persist))
			.add("persist, and publish through JDBC", new Writers(setting.table(), threads, template, (order) -> {
				setting.persist(order);
				beside.publish(WriteBenchmark.message(order, new byte[200]));
			}))
			.add("persist, and publish through JPA", new Writers(setting.table(), threads, template, (order) -> {
				setting.persist(order);
				through.publish(WriteBenchmark.message(order, new byte[200]));
			}));
		contest.run(1, count).forget();
		contest.run(this.options.runs(), count)
			.report(name, Map.of("threads", threads, "transactions", count, "payloadBytes", 200, "runs",
					this.options.runs()));
	}

	private static LocalContainerEntityManagerFactoryBean factory(HikariDataSource pool) {
		LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
		bean.setDataSource(pool);
		bean.setManagedTypes(PersistenceManagedTypes.of(BusinessOrder.class.getName()));
		bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		bean.afterPropertiesSet();
		return bean;
	}

	private static TransactionalOutboxPublisher publisher(Setting setting, EventStore store,
			JpaStoreTransactions transactions) {
		return new TransactionalOutboxPublisher(store, transactions, setting.rig().records(), new Partitions(64),
				(events) -> {
				}, List.of(), null);
	}

	/**
	 * What is measured on.
	 *
	 * @param table the tables
	 * @param rig prepares events
	 * @param pool the connections
	 * @param factory the mapper
	 */
	private record Setting(EventTable table, PublisherRig rig, HikariDataSource pool, EntityManagerFactory factory) {

		void persist(long order) {
			EntityManager entities = Objects
				.requireNonNull(EntityManagerFactoryUtils.getTransactionalEntityManager(this.factory));
			entities.persist(new BusinessOrder(order));
		}

	}

}
