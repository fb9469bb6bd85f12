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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.EventStore.Damage;
import dev.outbox.store.NewEvent;
import dev.outbox.store.jdbc.JdbcEventStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a session of MySQL or MariaDB may be set to changes nothing that is written.
 */
abstract class MySqlFamilyEventWriterContract extends JdbcEventWriterContract {

	/**
	 * Begins a transaction in a session with this {@code sql_mode}.
	 */
	JdbcTransaction beginIn(String mode) {
		return harness().begin().sql("SET sql_mode = '" + mode + "'");
	}

	/**
	 * A server that is not strict would cut it and say nothing.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "STRICT_ALL_TABLES", "" })
	void aKeyIsStoredWholeOrRefused(String mode) {
		String longest = SMILE.repeat(700);
		UUID holder = UUID.randomUUID();
		try (JdbcTransaction transaction = beginIn(mode)) {
			transaction
				.append(List.of(new NewEvent(record(longest, Map.of(), new byte[] { '1' }, Instant.EPOCH), 5, null)));
			assertThat(claim(transaction, longest, holder)).isEmpty();
			transaction.commit();
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> transaction.insert(longest + "a", "2"))
				.withMessageContaining("701 characters");
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> claim(transaction, longest + "a", UUID.randomUUID()));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transaction.insert("", "3"));
		}
		assertThat(readKey(longest)).containsExactly("1");
		try (JdbcTransaction transaction = harness().begin()) {
			assertThat(claim(transaction, longest, UUID.randomUUID())).contains(holder);
		}
	}

	/**
	 * The driver puts values into statements as the session's mode reads them.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES" })
	void noModeOfASessionChangesAValue(String mode) {
		String text = "\\ ' \" \\' \n % _ ` {} ? " + SMILE;
		OutboxRecord written = record(text, Map.of(text, text), (text + "\0").getBytes(StandardCharsets.UTF_8),
				Instant.EPOCH);
		try (JdbcTransaction transaction = beginIn(mode)) {
			transaction.append(List.of(new NewEvent(written, 5, null)));
			assertThat(claim(transaction, text, written.id())).isEmpty();
			assertThat(claim(transaction, text, UUID.randomUUID())).contains(written.id());
			transaction.commit();
		}
		assertThat(stored().get(0).event()).usingRecursiveComparison().isEqualTo(written);
	}

	/**
	 * The two drivers say so in different ways.
	 */
	@Test
	void whoWaitsTooLongForAKeyIsToldToRepeatTheTransaction() {
		DataSourceTransactionManager transactions = new DataSourceTransactionManager(harness().impatient());
		JdbcEventStore store = new JdbcEventStore(transactions.getDataSource(), harness().writer());
		TransactionTemplate template = new TransactionTemplate(transactions);
		try (JdbcTransaction other = harness().begin()) {
			assertThat(claim(other, "once", UUID.randomUUID())).isEmpty();
			assertThatExceptionOfType(ConcurrencyFailureException.class)
				.isThrownBy(() -> template.executeWithoutResult((status) -> store.claim("once", UUID.randomUUID())))
				.satisfies((ex) -> assertThat(store.damage(ex)).isEqualTo(Damage.PARTLY_WRITTEN));
		}
	}

}
