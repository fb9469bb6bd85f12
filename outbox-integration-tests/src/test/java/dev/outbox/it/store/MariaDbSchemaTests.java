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

package dev.outbox.it.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.mariadb.MariaDbServer;
import dev.outbox.fixtures.mariadb.MariaDbSettings;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The tables on MariaDB. A schema is a database there.
 */
class MariaDbSchemaTests extends SchemaContract {

	private static final JdbcDialect DIALECT = new MariaDbDialect();

	@RegisterExtension
	static MariaDbDatabase database = MariaDbDatabase.fresh();

	private final List<String> others = new ArrayList<>();

	MariaDbSchemaTests() {
		super(database);
	}

	@Override
	TableNames elsewhere(String schema, String prefix) {
		return new TableNames(create(schema), prefix);
	}

	@Override
	List<Map<String, Object>> columns() {
		return database.query("""
				SELECT table_name AS t, column_name AS c FROM information_schema.columns
				WHERE table_schema = ? AND table_name <> 'outbox_setting'""", database.name());
	}

	@AfterEach
	void dropOthers() {
		this.others.forEach((name) -> database.sql("DROP DATABASE IF EXISTS `" + name + '`'));
	}

	private String create(String name) {
		this.others.add(name);
		database.sql("DROP DATABASE IF EXISTS `" + name + '`', "CREATE DATABASE `" + name + '`');
		return name;
	}

	/**
	 * What is not complete may be somebody else's.
	 */
	@Test
	void whatWasBegunIsCompletedByTheNextStartUnlessATableIsNotAsItShouldBe() {
		OutboxSchema schema = schema(TABLES);
		assertThat(schema.isUnfinished()).isFalse();
		schema.create();
		assertThat(schema.isUnfinished()).isFalse();
		database.sql("DROP TABLE outbox_setting", "DROP TABLE outbox_destination_state");
		assertThat(schema.isUnfinished()).isTrue();
		assertThat(schema.create()).isOne();
		schema.validate(64);
		database.sql("DELETE FROM outbox_setting");
		assertThat(schema.isUnfinished()).isTrue();
		assertThat(schema.create()).isOne();
		schema.validate(64);
		database.sql("DROP TABLE outbox_setting", "ALTER TABLE outbox_event DROP COLUMN crashes");
		assertThat(schema.isUnfinished()).isFalse();
		assertThatExceptionOfType(MissingSchemaException.class).isThrownBy(schema::create)
			.satisfies((ex) -> assertThat(ex.missing()).containsExactly("outbox_event.crashes", "outbox_setting"));
	}

	/**
	 * Whether the user may read or not even see the database.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "SELECT", "SELECT, INSERT, UPDATE, DELETE" })
	void whatAUserMayNotCreateIsSaidToBeForbidden(String rights) {
		database.sql("DROP USER IF EXISTS reader", "CREATE USER reader IDENTIFIED BY 'secret'");
		database.sql("GRANT SELECT ON `" + create(database.name() + "_home") + "`.* TO reader");
		if (!rights.isEmpty()) {
			database.sql("GRANT " + rights + " ON `" + database.name() + "`.* TO reader");
		}
		String url = database.jdbcUrl().replace("/" + database.name(), "/" + database.name() + "_home");
		DataSource reader = new DriverManagerDataSource(url, "reader", "secret");
		OutboxSchema schema = new OutboxSchema(DIALECT, reader, new TableNames(database.name(), "outbox_"));
		Throwable refused = catchThrowable(schema::create);
		assertThat(refused).isNotNull();
		assertThat(schema.isForbidden(refused)).isEqualTo(!rights.isEmpty());
		assertThat(refused instanceof UnusableSchemaException).isEqualTo(rights.isEmpty());
		assertThat(schema.isForbidden(new IllegalStateException())).isFalse();
		assertThat(schema(TABLES).create()).isOne();
		database.sql("DROP USER reader");
	}

	/**
	 * Rule 22: servers that take writes by turns leave out numbers, and give out lower
	 * ones later.
	 */
	@Test
	void aServerWhoseNumbersDoNotAscendIsRefused() {
		try (MariaDbServer server = MariaDbServer.start(MariaDbSettings.fast());
				MariaDbDatabase own = MariaDbDatabase.on(server)) {
			OutboxSchema schema = new OutboxSchema(DIALECT, own.dataSource(), TABLES);
			schema.create();
			schema.validate(64);
			own.sql("SET GLOBAL auto_increment_increment = 2");
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
				.withMessageContaining("auto_increment_increment is not 1")
				.withMessageContaining("set it to 1");
			own.sql("SET GLOBAL auto_increment_increment = 1");
			schema.validate(64);
		}
	}

}
