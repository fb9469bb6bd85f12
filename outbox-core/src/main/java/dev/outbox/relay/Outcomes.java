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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.outbox.FailureKind;
import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.retry.RetryDecision;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.Claim;
import dev.outbox.store.GivenUp;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Decides what follows from an answer of the broker, and has it written.
 */
final class Outcomes {

	private static final Logger logger = LoggerFactory.getLogger(Outcomes.class);

	private final LaneContext lane;

	private final Memory memory;

	private final Dispatcher dispatcher;

	private final Breaker breaker;

	private final Intake intake;

	private final RelayStore store;

	private final RetryPolicy retries;

	Outcomes(LaneContext lane, Memory memory, Dispatcher dispatcher, Breaker breaker, Intake intake) {
		this.lane = lane;
		this.memory = memory;
		this.dispatcher = dispatcher;
		this.breaker = breaker;
		this.intake = intake;
		this.store = lane.store();
		this.retries = lane.retries();
	}

	void handle(Attempt attempt, long now) {
		if (!attempt.isAwaited(this.memory)) {
			return;
		}
		SendResult result = Objects.requireNonNull(attempt.result());
		Entry entry = attempt.entry();
		SendFailure failure = result.failure();
		answered(entry, result, attempt.took());
		if (failure == null) {
			acknowledged(entry, result, now);
		}
		else if (failure.kind() == FailureKind.UNAVAILABLE) {
			unavailable(entry, result, failure.message(), now);
		}
		else {
			rejected(entry, result, failure, now);
		}
	}

	private void answered(Entry entry, SendResult result, Duration took) {
		SendFailure failure = result.failure();
		if (failure != null && failure.mayHaveArrived()) {
			this.lane.duplicatesPossible(1);
		}
		this.lane.tell((listener) -> listener.onAnswered(entry.row().event(), result, took));
	}

	private void acknowledged(Entry entry, SendResult result, long now) {
		Chain chain = entry.chain();
		this.dispatcher.answered(entry);
		entry.state(Entry.State.SETTLING);
		this.lane.settler().acknowledged(entry);
		chain.destination().rampUp(this.memory.window().maxEvents());
		reached(entry, now);
		published(entry.row());
		this.lane.tell((listener) -> listener.onPublished(entry.row().event(), result));
		this.memory.offer(chain, now);
		this.memory.activate(chain.destination());
	}

	private static void published(StoredEvent row) {
		if (logger.isDebugEnabled()) {
			OutboxRecord event = row.event();
			LogFields.add(LogFields.add(logger.atDebug(), event), LogFields.ATTEMPT, row.attempts() + 1)
				.log("Event {} of type {} was published to {}", event.id(), event.eventType(), event.destination());
		}
	}

	private void unavailable(Entry entry, SendResult result, String reason, long now) {
		Chain chain = entry.chain();
		this.dispatcher.answered(entry);
		this.memory.remove(entry);
		withdraw(entry);
		this.breaker.failed(chain.destination(), entry.row(), FailureText.error(reason), now);
		this.lane
			.tell((listener) -> listener.onRetry(entry.row().event(), result, entry.row().attempts(), Duration.ZERO));
		this.memory.offer(chain, now);
	}

	/**
	 * Takes back the announcement of a row that was not sent, or not refused: this
	 * process has not died of it.
	 */
	void withdraw(Entry entry) {
		Long epoch = this.memory.owned().get(entry.row().part());
		if (entry.isCareful() && epoch != null) {
			Claim claim = claim(entry.row(), epoch);
			this.lane.settler()
				.record(entry.row().event(), () -> this.store.withdrawCarefulSend(claim, entry.row().ref()));
		}
	}

	private void rejected(Entry entry, SendResult result, SendFailure failure, long now) {
		reached(entry, now);
		entry.attempt(null);
		Long epoch = this.memory.owned().get(entry.row().part());
		if (epoch == null) {
			this.dispatcher.answered(entry);
			this.memory.remove(entry);
			this.memory.offer(entry.chain(), now);
			return;
		}
		record(entry, epoch, result, failure, now);
	}

	/**
	 * Notes a failed attempt, or that it was the last one. The key waits meanwhile.
	 */
	private void record(Entry entry, long epoch, SendResult result, SendFailure failure, long now) {
		entry.chain().hold(Chain.Hold.RECORDING);
		StoredEvent row = entry.row();
		int attempts = row.attempts() + 1;
		RetryDecision decision = this.retries.decide(failure.kind(), attempts, failingFor(entry, now));
		Claim claim = claim(row, epoch);
		if (decision instanceof RetryDecision.Retry retry) {
			String error = FailureText.error(failure);
			this.lane.settler().record(row.event(), () -> {
				boolean recorded = this.store.recordFailure(claim, row.ref(), error, retry.delay());
				this.lane.post(() -> recorded(entry, recorded, retry.delay(), result, error));
			});
		}
		else if (decision instanceof RetryDecision.GiveUp giveUp) {
			bury(entry, claim, failure, " (" + giveUp.reason() + ")", true);
		}
	}

	/**
	 * Moves a row to the dead letters that is on its way out.
	 */
	void bury(Entry entry, Claim claim, SendFailure failure, String end, boolean attemptFailed) {
		entry.chain().hold(Chain.Hold.RECORDING);
		StoredEvent row = entry.row();
		boolean block = blocksKey(row);
		this.lane.settler().record(row.event(), () -> {
			GivenUp givenUp = FailureText.givenUp(failure, end, attemptFailed, block,
					this.lane.settings().forwardDead());
			boolean buried = this.store.deadLetter(claim, row.ref(), givenUp);
			this.lane.post(() -> buried(entry, buried, givenUp));
		});
	}

	private void recorded(Entry entry, boolean recorded, Duration delay, SendResult result, String error) {
		long now = System.nanoTime();
		Chain chain = entry.chain();
		StoredEvent row = entry.row();
		this.dispatcher.answered(entry);
		chain.hold(Chain.Hold.FREE);
		if (recorded) {
			LogFields.add(LogFields.add(logger.atDebug(), row.event()), LogFields.ATTEMPT, row.attempts() + 1)
				.log("Attempt {} to send event {} has failed, and it is sent again in {} ms: {}", row.attempts() + 1,
						row.event().id(), delay.toMillis(), error);
			this.lane.tell((listener) -> listener.onRetry(row.event(), result, row.attempts() + 1, delay));
		}
		lookAgain(entry, recorded ? delay : untilNextHeartbeat(), now);
	}

	/**
	 * Has the row of a chain read again that has just been dealt with, before the later
	 * ones. It may be there although nothing could be written about it: then it is
	 * another instance's by now.
	 */
	private void lookAgain(Entry entry, Duration wait, long now) {
		Chain chain = entry.chain();
		this.memory.remove(entry);
		if (this.memory.isToBeReadAgain(entry)) {
			chain.spill(entry.row().seq());
			this.memory.dropWaiting(chain, true);
			this.memory.holdBack(chain, now + wait.toNanos(), now);
		}
		else {
			this.memory.offer(chain, now);
		}
	}

	private Duration untilNextHeartbeat() {
		return this.lane.settings().lease().dividedBy(4);
	}

	private void buried(Entry entry, boolean buried, GivenUp givenUp) {
		long now = System.nanoTime();
		Chain chain = entry.chain();
		this.dispatcher.answered(entry);
		chain.hold(Chain.Hold.FREE);
		if (!buried) {
			lookAgain(entry, untilNextHeartbeat(), now);
			return;
		}
		this.memory.remove(entry);
		died(entry.row(), givenUp, now);
		this.memory.offer(chain, now);
	}

	private void died(StoredEvent row, GivenUp givenUp, long now) {
		OutboxRecord event = row.event();
		int attempts = row.attempts() + (givenUp.attemptFailed() ? 1 : 0);
		LoggingEventBuilder log = LogFields.add(logger.atError(), event);
		LogFields.add(LogFields.add(log, LogFields.ATTEMPT, attempts), LogFields.FINGERPRINT, givenUp.fingerprint())
			.log("Event {} of type {} for {} is a dead letter after {} attempt(s): {}. {}", event.id(),
					event.eventType(), event.destination(), attempts, givenUp.error(),
					givenUp.blockKey() ? "Its key waits until an operator replays or discards it" : "Its key goes on");
		this.lane.tell((listener) -> listener.onDead(event, givenUp.error(), attempts));
		if (givenUp.blockKey() && event.key() != null) {
			this.intake.block(new BlockedKey(event.destination(), event.key()), now);
		}
	}

	private boolean blocksKey(StoredEvent row) {
		return row.event().key() != null && this.lane.settings().routes().blocksKeyWhenDead(row.event());
	}

	/**
	 * Rows have been deleted.
	 */
	void settled(List<Entry> entries) {
		entries.forEach(this.memory::remove);
	}

	/**
	 * Gives up waiting for answers that are overdue.
	 */
	void expire(long now) {
		long timeout = this.lane.settings().publishTimeout().toNanos();
		List<Entry> overdue = new ArrayList<>();
		for (Entry entry : this.memory.window().all()) {
			Attempt attempt = entry.attempt();
			if (attempt != null && attempt.result() == null && now - attempt.startedAt() > timeout) {
				overdue.add(entry);
			}
		}
		for (Entry entry : overdue) {
			SendFailure failure = SendFailure.timedOut("no answer from the transport within "
					+ this.lane.settings().publishTimeout().toMillis() + " ms (outbox.publish-timeout)", null, true);
			Instant at = this.lane.clock().instant();
			SendResult result = SendResult.failed(entry.row().event(), at, failure);
			answered(entry, result, this.lane.settings().publishTimeout());
			unavailable(entry, result, failure.message(), now);
		}
	}

	/**
	 * The destination has answered: if this was a probe, the destination goes on, and the
	 * record that had paused it is to blame itself. Its key waits until that is written,
	 * whatever is read of it meanwhile.
	 */
	private void reached(Entry entry, long now) {
		StoredEvent suspect = this.breaker.answered(entry.chain().destination(), entry.row().seq(), now);
		Long epoch = (suspect != null) ? this.memory.owned().get(suspect.part()) : null;
		Entry blamed = (suspect != null && epoch != null) ? this.intake.acceptAlone(suspect, now) : null;
		if (blamed != null && epoch != null) {
			this.dispatcher.leave(blamed);
			SendFailure failure = new SendFailure(FailureKind.RETRIABLE, "unavailable for this record only", null);
			record(blamed, epoch, SendResult.failed(blamed.row().event(), this.lane.clock().instant(), failure),
					failure, now);
		}
	}

	Claim claim(StoredEvent row, long epoch) {
		return new Claim(this.lane.term().instance(), this.lane.transport().name(), row.part(), epoch);
	}

	private Duration failingFor(Entry entry, long now) {
		long sinceRead = now - entry.readAt();
		long failing = entry.row().failingFor().toNanos();
		if (failing > 0) {
			failing += sinceRead;
		}
		return Duration.ofNanos(failing - entry.chain().destination().pausedWithin(failing, now));
	}

}
