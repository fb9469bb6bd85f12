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

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.PositionLostException;
import dev.outbox.test.contract.Scan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Rule 13: a position means nothing on a server that has another history.
 */
class PostgresPositionTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private ServerDisguise disguise;

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.disguise = new ServerDisguise(database);
		this.harness = new JdbcStoreHarness(database);
	}

	@Test
	void aPositionIsLostWhenTransactionNumbersGoBack() {
		this.harness.insert("a", "1");
		Scan scan = this.harness.scan();
		assertThat(scan.poll()).containsExactly("1");
		this.disguise.startNumbersAgain();
		assertThatExceptionOfType(PositionLostException.class).isThrownBy(scan::poll)
			.withMessageContaining("numbers went back from");
		assertThat(this.harness.scan().poll()).containsExactly("1");
	}

	@Test
	void nothingIsReadFromAStandby() {
		this.harness.insert("a", "1");
		Scan scan = this.harness.scan();
		assertThat(scan.poll()).containsExactly("1");
		this.disguise.recover();
		assertThatExceptionOfType(PositionLostException.class).isThrownBy(scan::poll).withMessageContaining("standby");
		assertThatExceptionOfType(PositionLostException.class).isThrownBy(this.harness.scan()::poll)
			.withMessageContaining("primary only");
		this.disguise.takeOff();
		this.harness.insert("a", "2");
		assertThat(scan.poll()).containsExactly("2");
	}

}
