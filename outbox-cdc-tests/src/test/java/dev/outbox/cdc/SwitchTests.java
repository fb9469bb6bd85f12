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

package dev.outbox.cdc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import dev.outbox.cdc.CdcDatabase.Mark;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The relay hands over to Debezium and back while others go on publishing.
 */
class SwitchTests {

	private static final int ROUND = 300;

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final PostgresDatabase database = PostgresDatabase.fresh();

	private final String topic = KAFKA.uniqueTopic(3);

	@TempDir
	Path folder;

	@AfterEach
	void drop() {
		try {
			new CdcDatabase(this.database, KAFKA, this.folder).drop();
			new CdcDatabase(this.database, KAFKA, this.folder, 2).drop();
		}
		finally {
			this.database.close();
		}
	}

	@Test
	void nothingIsLostAndKeysStayInOrder() throws Exception {
		CdcDatabase cdc = new CdcDatabase(this.database, KAFKA, this.folder.resolve("offsets"));
		Set<String> mayComeTwice = new HashSet<>();
		try (ConfigurableApplicationContext application = Application.run(this.database, KAFKA, false)) {
			Writers writers = new Writers(application, this.topic);
			try (writers) {
				writers.start();
				cdc.publish();
				relay(this::awaitMore);
				assertThat(this.database.number("SELECT count(*) FROM outbox_instance WHERE expires_at > now()"))
					.isZero();
				throughDebezium(cdc, writers, mayComeTwice);
				relay(this::awaitMore);
			}
			relay(() -> {
				Awaitility.await("an empty outbox").until(() -> rows() == 0);
			});
		}
		check(mayComeTwice);
	}

	/**
	 * A slot that is lost, as in a failover that does not know it: rows are deleted only
	 * when the slot has passed them, so the next snapshot has what was not delivered.
	 */
	@Test
	void aLostSlotLosesNothing() throws Exception {
		CdcDatabase cdc = new CdcDatabase(this.database, KAFKA, this.folder.resolve("offsets"));
		CdcDatabase next = new CdcDatabase(this.database, KAFKA, this.folder.resolve("new-offsets"), 2);
		Set<String> mayComeTwice = new HashSet<>();
		try (ConfigurableApplicationContext application = Application.run(this.database, KAFKA, false)) {
			cdc.publish();
			try (Writers writers = new Writers(application, this.topic)) {
				writers.start();
				try (ConnectWorker worker = cdc.connect()) {
					worker.awaitRunning();
					awaitMore();
					Mark mark = cdc.mark();
					cdc.awaitPassed(mark);
					assertThat(cdc.cleanUp(mark)).isPositive();
				}
				Mark outlived = cdc.mark();
				cdc.drop();
				assertThat(cdc.markIfPossible()).isEmpty();
				mayComeTwice.addAll(ids());
				try (ConnectWorker worker = next.connect()) {
					worker.awaitRunning();
					awaitMore();
					next.awaitPassed(next.mark());
					assertThat(next.cleanUp(outlived)).as("deleted by a mark of the slot before").isZero();
				}
			}
			Awaitility.await("the end of the stream").until(() -> !next.isRead());
			try (ConnectWorker worker = next.connect()) {
				worker.awaitRunning();
				Mark mark = next.mark();
				next.awaitPassed(mark);
				next.cleanUp(mark);
			}
			assertThat(rows()).isZero();
		}
		check(mayComeTwice);
	}

	private void relay(Runnable meanwhile) {
		ConfigurableApplicationContext relay = Application.run(this.database, KAFKA, true);
		try {
			meanwhile.run();
		}
		finally {
			relay.close();
		}
	}

	private void throughDebezium(CdcDatabase cdc, Writers writers, Set<String> mayComeTwice) throws Exception {
		ConnectWorker[] started = new ConnectWorker[1];
		// The slot is not ready before a transaction has ended that was there first.
		writers.whileOneIsOpen("slow-1", () -> {
			started[0] = connect(cdc);
			Awaitility.await("the slot").until(cdc::hasSlot);
		});
		ConnectWorker worker = started[0];
		try {
			worker.awaitRunning();
			awaitMore();
			Mark mark = cdc.mark();
			assertThat(cdc.cleanUp(new Mark(mark.slot(), mark.horizon(), "FFFFFFFF/0"))).isZero();
			cdc.awaitPassed(mark);
			assertThat(cdc.cleanUp(mark)).isPositive();
			awaitMore();
			Mark last = cdc.mark();
			cdc.awaitPassed(last);
			writers.whileOneIsOpen("slow-2", () -> {
				worker.close();
				Awaitility.await("the end of the stream").until(() -> !cdc.isRead());
				cdc.cleanUp(last);
			});
		}
		finally {
			worker.close();
		}
		mayComeTwice.addAll(ids());
	}

	private static ConnectWorker connect(CdcDatabase cdc) {
		try {
			return cdc.connect();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void check(Set<String> mayComeTwice) {
		Map<String, List<Integer>> first = new LinkedHashMap<>();
		Set<String> seen = new HashSet<>();
		Set<String> twice = new HashSet<>();
		KAFKA.readAll(this.topic).forEach((record) -> {
			String id = record.headers().get("ce_id");
			if (seen.add(id)) {
				first.computeIfAbsent(record.key(), (key) -> new ArrayList<>()).add(Integer.valueOf(record.text()));
			}
			else {
				twice.add(id);
			}
		});
		Map<String, List<Integer>> expected = new LinkedHashMap<>();
		this.database.query("SELECT key, events FROM counter WHERE events > 0")
			.forEach((row) -> expected.put((String) row.get("key"),
					IntStream.rangeClosed(1, (Integer) row.get("events")).boxed().toList()));
		assertThat(first).isEqualTo(expected);
		assertThat(mayComeTwice).containsAll(twice);
	}

	private void awaitMore() {
		long before = KAFKA.countOffsets(this.topic);
		Awaitility.await("more events")
			.atMost(Duration.ofSeconds(60))
			.until(() -> KAFKA.countOffsets(this.topic) >= before + ROUND);
	}

	private long rows() {
		return this.database.number("SELECT count(*) FROM outbox_event");
	}

	private List<String> ids() {
		return this.database.query("SELECT id::text AS id FROM outbox_event")
			.stream()
			.map((row) -> (String) row.get("id"))
			.toList();
	}

}
