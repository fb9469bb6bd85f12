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

package dev.outbox.relay;

import java.time.Duration;
import java.util.Optional;

import dev.outbox.OutboxException;
import dev.outbox.store.Backlog;
import dev.outbox.store.SharedBacklogStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who measures, with a store whose clock stands still unless it is told to go on.
 */
class ClusterBacklogTests {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final Board board = new Board();

	private long waiting = 5;

	private int measured;

	private final ClusterBacklog one = new ClusterBacklog(this::measure, this.board, INTERVAL);

	private final ClusterBacklog other = new ClusterBacklog(this::measure, this.board, INTERVAL);

	private Backlog measure(long fromSeq) {
		this.measured++;
		return new Backlog(this.waiting, Duration.ZERO, 0, 0);
	}

	@Test
	void oneMeasuresForAll() {
		assertThat(this.one.measure(0).waiting()).isEqualTo(5);
		this.waiting = 6;
		assertThat(this.other.measure(0).waiting()).isEqualTo(5);
		assertThat(this.one.measure(0).waiting()).isEqualTo(5);
		assertThat(this.measured).isOne();
	}

	@Test
	void itIsMeasuredAgainOnTheIntervalByWhoeverComesFirst() {
		this.one.measure(0);
		this.waiting = 6;
		// A turn of a thread is never exactly on time.
		this.board.now = this.board.now.plus(INTERVAL.minusMillis(900));
		assertThat(this.other.measure(0).waiting()).isEqualTo(6);
		assertThat(this.one.measure(0).waiting()).isEqualTo(6);
		assertThat(this.measured).isEqualTo(2);
	}

	@Test
	void whoIsToMeasureAndDoesNotHoldsNobodyUp() {
		this.one.measure(0);
		this.waiting = 6;
		this.board.now = this.board.now.plusSeconds(15);
		this.board.claim(INTERVAL);
		assertThat(this.other.measure(0).waiting()).isEqualTo(5);
		this.board.now = this.board.now.plusSeconds(14);
		this.board.claim(INTERVAL);
		assertThat(this.other.measure(0).waiting()).isEqualTo(6);
		assertThat(this.board.claims).isEqualTo(3);
	}

	@Test
	void afterAFailureItIsMeasuredByTheNext() {
		ClusterBacklog failing = new ClusterBacklog((fromSeq) -> {
			throw new IllegalStateException("gone");
		}, this.board, INTERVAL);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> failing.measure(0));
		assertThat(this.one.measure(0).waiting()).isEqualTo(5);
	}

	@Test
	void whatCannotBeWrittenIsMeasuredAllTheSame() {
		this.board.readOnly = true;
		assertThat(this.one.measure(0).waiting()).isEqualTo(5);
		assertThat(this.other.measure(0).waiting()).isEqualTo(5);
		assertThat(this.measured).isEqualTo(2);
	}

	@Test
	void whatCannotBeSharedIsMeasuredAllTheSame() {
		this.board.broken = true;
		assertThat(this.one.measure(0).waiting()).isEqualTo(5);
		this.waiting = 6;
		assertThat(this.one.measure(0).waiting()).isEqualTo(6);
		this.board.broken = false;
		assertThat(this.one.measure(0).waiting()).isEqualTo(6);
		this.waiting = 7;
		assertThat(this.other.measure(0).waiting()).isEqualTo(6);
	}

	private static final class Board implements SharedBacklogStore {

		private Duration now = Duration.ofDays(1);

		private Duration claimedAt = Duration.ZERO;

		private Duration measuredAt = Duration.ZERO;

		private int claims;

		private boolean broken;

		private boolean readOnly;

		private @Nullable Backlog backlog;

		@Override
		public Optional<Measurement> read() {
			check();
			return Optional.ofNullable(this.backlog)
				.map((known) -> new Measurement(known, this.now.minus(this.measuredAt)));
		}

		@Override
		public boolean claim(Duration interval) {
			change();
			boolean free = this.now.minus(this.claimedAt).compareTo(interval) >= 0;
			if (free) {
				this.claimedAt = this.now;
				this.claims++;
			}
			return free;
		}

		@Override
		public void write(Backlog backlog) {
			change();
			this.backlog = backlog;
			this.measuredAt = this.now;
		}

		private void change() {
			check();
			if (this.readOnly) {
				throw new OutboxException("read-only");
			}
		}

		private void check() {
			if (this.broken) {
				throw new OutboxException("away");
			}
		}

	}

}
