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

import java.time.Duration;
import java.util.Set;

import com.mongodb.MongoException;
import dev.outbox.fixtures.mongo.Fault;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.ForwardStore.Forward;
import dev.outbox.store.Operator;
import dev.outbox.test.contract.Deaths;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of an operator's change of which MongoDB's answer is lost.
 */
class MongoOperatorAnswersTests {

	private static final Operator OPERATOR = new Operator("test");

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.alone();

	private MongoStoreHarness harness;

	private MongoDouble mongo;

	@BeforeEach
	void empty() {
		this.mongo = database.requireDouble();
		this.harness = new MongoStoreHarness(database);
	}

	@AfterEach
	void forget() {
		this.mongo.forgetFaults();
	}

	/**
	 * One answer is lost, one transaction is aborted, and a commit is carried out though
	 * nobody hears of it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "replay", "replace", "discard", "unblock", "pause", "resume" })
	void whatAnOperatorChangesIsWrittenOnceThoughItsTransactionIsRepeated(String change) {
		DeadLetter letter = new Deaths(this.harness).blocking("a");
		if (change.equals("resume")) {
			this.harness.holds().pause(DatabaseHarness.ORDERS, OPERATOR);
			this.harness.clear("audit");
		}
		this.mongo.failNext("update", "outbox_audit", Fault.executedButDropped());
		this.mongo.failNext("commitTransaction", Fault.error(251, MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL));
		this.mongo.failNext("commitTransaction", Fault.executedButDropped());
		assertThat(change(change, letter)).isTrue();
		assertThat(this.mongo.pendingFaults()).isZero();
		assertThat(change(change, letter)).isFalse();
		assertThat(this.harness.count("audit")).isOne();
		assertThat(this.harness.count("event")).isEqualTo(Set.of("replay", "replace").contains(change) ? 1 : 0);
		assertThat(this.harness.count("blocked_key")).isEqualTo(Set.of("pause", "resume").contains(change) ? 1 : 0);
	}

	private boolean change(String change, DeadLetter letter) {
		return switch (change) {
			case "replay" -> this.harness.deadLetters().replay(letter.number(), OPERATOR);
			case "replace" ->
				this.harness.deadLetters().replace(letter.number(), DatabaseHarness.event("a", "2").event(), OPERATOR);
			case "discard" -> this.harness.deadLetters().discard(letter.number(), OPERATOR);
			case "unblock" -> this.harness.holds().unblock(DatabaseHarness.ORDERS, "a", OPERATOR);
			case "pause" -> this.harness.holds().pause(DatabaseHarness.ORDERS, OPERATOR);
			default -> this.harness.holds().resume(DatabaseHarness.ORDERS, OPERATOR);
		};
	}

	/**
	 * The driver sends the same write again, which the server has carried out.
	 */
	@Test
	void aDeadLetterIsTakenThoughTheAnswerIsLost() {
		DeadLetter letter = new Deaths(this.harness).forwarded("a");
		this.mongo.failNext("findAndModify", "outbox_dead_letter", Fault.executedButDropped());
		assertThat(this.harness.forwards().take(10, Duration.ofMinutes(1)))
			.extracting((forward) -> forward.letter().number())
			.containsExactly(letter.number());
		this.mongo.failNext("update", "outbox_dead_letter", Fault.executedButDropped());
		this.harness.forwards().again(letter.number(), Duration.ZERO, true);
		assertThat(this.harness.forwards().take(10, Duration.ofMinutes(1))).extracting(Forward::attempts)
			.containsExactly(1);
	}

}
