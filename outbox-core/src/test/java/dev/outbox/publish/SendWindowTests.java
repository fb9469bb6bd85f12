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
	void takesSoManyMessagesAndWaitsNoLongerThanTold() {
		OpenSend first = send("a");
		assertThat(this.window.tryEnter(first)).isTrue();
		assertThat(this.window.tryEnter(send("b"))).isTrue();
		assertThat(this.window.tryEnter(send("c"))).isFalse();
		assertThat(this.window.enter(send("c"), System.nanoTime())).isEqualTo(Entry.FULL);
		first.fail(FailureKind.RETRIABLE, "whatever", null);
		assertThat(this.window.enter(send("c"), System.nanoTime())).isEqualTo(Entry.IN);
	}

	@Test
	void takesSoManyBytesAndALargerMessageAlone() {
		OpenSend large = send("more than ten bytes");
		assertThat(this.window.tryEnter(large)).isTrue();
		assertThat(this.window.tryEnter(send(""))).isFalse();
		large.fail(FailureKind.RETRIABLE, "whatever", null);
		assertThat(this.window.tryEnter(send("12345"))).isTrue();
		assertThat(this.window.tryEnter(send("123456"))).isFalse();
		assertThat(this.window.tryEnter(send("12345"))).isTrue();
	}

	@Test
	void takesNothingWhileItIsClosedAndTellsWhatIsOpen() {
		OpenSend open = send("a");
		this.window.tryEnter(open);
		assertThat(this.window.close(Duration.ZERO)).containsExactly(open);
		assertThat(this.window.tryEnter(send("b"))).isFalse();
		assertThat(this.window.enter(send("b"), System.nanoTime())).isEqualTo(Entry.CLOSED);
		this.window.open();
		assertThat(this.window.tryEnter(send("b"))).isTrue();
	}

	@Test
	void closingIsNotHeldUpWhereTheThreadIsInterrupted() {
		OpenSend open = send("a");
		this.window.tryEnter(open);
		Thread.currentThread().interrupt();
		assertThat(this.window.close(Duration.ofSeconds(60))).containsExactly(open);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aWindowWithoutRoomIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SendSettings(Duration.ofSeconds(1), Duration.ZERO, 0, 1))
			.withMessageContaining("maxEvents=0");
	}

	private static OpenSend send(String payload) {
		OutboxRecord record = new OutboxRecord(UUID.randomUUID(), null, null, null, "a", 1,
				new Destination("kafka", "orders"), Map.of(), "text/plain", Map.of(),
				payload.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
		return new OpenSend(record, new RecordingTransport("kafka"), Clock.systemUTC(), Duration.ofSeconds(60));
	}

}
