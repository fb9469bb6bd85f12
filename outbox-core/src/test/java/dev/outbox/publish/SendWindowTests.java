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

package dev.outbox.publish;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.publish.SendWindow.Entry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SendWindowTests {

	private final SendWindow window = new SendWindow(2, 10);

	@Test
	void takesSoManyMessages() {
		MessageSend first = send("a");
		assertThat(this.window.enter(first)).isCompletedWithValue(Entry.IN);
		assertThat(this.window.enter(send("b"))).isCompletedWithValue(Entry.IN);
		CompletableFuture<Entry> third = this.window.enter(send("c"));
		assertThat(third).isNotDone();
		first.fail(FailureKind.RETRIABLE, "whatever", null);
		assertThat(third).isCompletedWithValue(Entry.IN);
	}

	@Test
	void takesSoManyBytesAndALargerMessageAlone() {
		MessageSend large = send("more than ten bytes");
		assertThat(this.window.enter(large)).isCompletedWithValue(Entry.IN);
		CompletableFuture<Entry> second = this.window.enter(send("12345"));
		CompletableFuture<Entry> third = this.window.enter(send("12345"));
		assertThat(second).isNotDone();
		large.fail(FailureKind.RETRIABLE, "whatever", null);
		assertThat(second).isCompletedWithValue(Entry.IN);
		assertThat(third).isCompletedWithValue(Entry.IN);
	}

	@Test
	void nobodyOvertakesWhoWaitsUntilThatGivesUp() {
		MessageSend first = send("12345");
		this.window.enter(first);
		MessageSend large = send("123456");
		CompletableFuture<Entry> waiting = this.window.enter(large);
		CompletableFuture<Entry> small = this.window.enter(send("1"));
		assertThat(small).isNotDone();
		this.window.giveUp(large, Entry.FULL);
		assertThat(waiting).isCompletedWithValue(Entry.FULL);
		assertThat(small).isCompletedWithValue(Entry.IN);
	}

	@Test
	void whoIsInCannotGiveUp() {
		MessageSend send = send("a");
		CompletableFuture<Entry> entry = this.window.enter(send);
		this.window.giveUp(send, Entry.FULL);
		assertThat(entry).isCompletedWithValue(Entry.IN);
		this.window.close();
		assertThat(this.window.awaitEmpty(System.nanoTime())).containsExactly(send);
	}

	@Test
	void takesNothingWhileItIsClosedAndTellsWhatIsOpen() {
		MessageSend open = send("1234567890");
		this.window.enter(open);
		CompletableFuture<Entry> waiting = this.window.enter(send("a"));
		this.window.close();
		assertThat(waiting).isCompletedWithValue(Entry.CLOSED);
		assertThat(this.window.awaitEmpty(System.nanoTime())).containsExactly(open);
		assertThat(this.window.enter(send("b"))).isCompletedWithValue(Entry.CLOSED);
		this.window.open();
		open.fail(FailureKind.RETRIABLE, "whatever", null);
		assertThat(this.window.enter(send("b"))).isCompletedWithValue(Entry.IN);
	}

	@Test
	void closingIsNotHeldUpWhereTheThreadIsInterrupted() {
		MessageSend open = send("a");
		this.window.enter(open);
		this.window.close();
		Thread.currentThread().interrupt();
		assertThat(this.window.awaitEmpty(System.nanoTime() + Duration.ofSeconds(60).toNanos())).containsExactly(open);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aWindowWithoutRoomIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SendSettings(Duration.ofSeconds(1), Duration.ZERO, 0, 1))
			.withMessageContaining("maxEvents=0");
	}

	static MessageSend send(String payload) {
		OutboxRecord record = new OutboxRecord(UUID.randomUUID(), null, null, null, "a", 1,
				new Destination("kafka", "orders"), Map.of(), "text/plain", Map.of(),
				payload.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
		return new MessageSend(record, new RecordingTransport("kafka"), Clock.systemUTC(), Duration.ofSeconds(60));
	}

}
