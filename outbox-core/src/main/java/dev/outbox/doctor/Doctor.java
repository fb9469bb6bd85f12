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

package dev.outbox.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Makes all examinations, one after the other, so that at most one connection of the
 * relay is in use. One that fails or takes too long is a finding, and holds none of the
 * others up. Thread-safe.
 */
public final class Doctor implements AutoCloseable {

	/**
	 * The code of a finding that something could not be found out.
	 */
	public static final String NOT_EXAMINED = "not-examined";

	/**
	 * How many examinations may use their time up before the rest is left out: what takes
	 * too long mostly waits for the same server.
	 */
	private static final int PATIENCE = 4;

	private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
		.thenComparing(Finding::code)
		.thenComparing(Finding::subject);

	private final List<Examination> examinations;

	private final Duration limit;

	private final Clock clock;

	private final UnaryOperator<String> redaction;

	/**
	 * Examinations that have not come to their end, although nobody waits for them any
	 * more: none is made a second time beside itself.
	 */
	private final Map<Examination, FutureTask<List<Finding>>> running = new ConcurrentHashMap<>();

	private @Nullable CompletableFuture<Diagnosis> current;

	private volatile boolean closed;

	private volatile boolean cancelled;

	/**
	 * Creates a doctor, who does nothing yet.
	 * @param examinations what is examined
	 * @param limit how long one examination may take
	 * @param clock tells when it was
	 * @param redaction takes out of a message what nobody should see
	 */
	public Doctor(List<Examination> examinations, Duration limit, Clock clock, UnaryOperator<String> redaction) {
		this.examinations = List.copyOf(examinations);
		this.limit = limit;
		this.clock = clock;
		this.redaction = redaction;
	}

	/**
	 * Makes all examinations. Whoever asks while they are being made gets the same
	 * answer.
	 * @return what was found
	 */
	public Diagnosis examine() {
		CompletableFuture<Diagnosis> mine = new CompletableFuture<>();
		CompletableFuture<Diagnosis> others;
		synchronized (this) {
			others = this.current;
			this.current = (others != null) ? others : mine;
		}
		if (others != null) {
			return others.join();
		}
		try {
			mine.complete(examineAll());
		}
		catch (RuntimeException | Error ex) {
			mine.completeExceptionally(ex);
			throw ex;
		}
		finally {
			synchronized (this) {
				this.current = null;
			}
		}
		return mine.join();
	}

	private Diagnosis examineAll() {
		this.cancelled = false;
		Instant at = this.clock.instant();
		long start = System.nanoTime();
		long end = start + this.limit.multipliedBy(PATIENCE).toNanos();
		List<Finding> findings = new ArrayList<>();
		List<String> healthy = new ArrayList<>();
		for (Examination examination : this.examinations) {
			long left = Math.min(this.limit.toNanos(), end - System.nanoTime());
			List<Finding> found = (left > 0) ? examine(examination, left)
					: List.of(notExamined(examination, "The examinations before it have taken too long"));
			findings.addAll(found);
			if (found.isEmpty()) {
				healthy.add(examination.name());
			}
		}
		findings.sort(ORDER);
		healthy.sort(Comparator.naturalOrder());
		return new Diagnosis(at, Duration.ofNanos(System.nanoTime() - start), findings, healthy);
	}

	private List<Finding> examine(Examination examination, long nanos) {
		FutureTask<List<Finding>> task = new FutureTask<>(examination::examine) {

			@Override
			public void run() {
				try {
					super.run();
				}
				finally {
					ended(examination, this);
				}
			}

		};
		if (this.running.putIfAbsent(examination, task) != null) {
			return List.of(notExamined(examination, "An earlier one has not come to its end yet"));
		}
		// Not before: who ends it either finds it there, or is seen here.
		if (this.closed || this.cancelled) {
			ended(examination, task);
			return List.of(notExamined(examination, "The application is stopping"));
		}
		Thread thread = new Thread(task, "outbox-doctor-" + examination.name());
		thread.setDaemon(true);
		thread.start();
		return result(examination, task, nanos);
	}

	/**
	 * Also by whoever has the answer: who asks next may be faster than the thread that
	 * has given it.
	 */
	private void ended(Examination examination, FutureTask<List<Finding>> task) {
		this.running.remove(examination, task);
	}

	private List<Finding> result(Examination examination, FutureTask<List<Finding>> task, long nanos) {
		try {
			List<Finding> found = task.get(nanos, TimeUnit.NANOSECONDS);
			ended(examination, task);
			return found;
		}
		catch (ExecutionException ex) {
			ended(examination, task);
			return List.of(notExamined(examination, reason(ex.getCause())));
		}
		catch (CancellationException ex) {
			return List.of(notExamined(examination, "The application is stopping"));
		}
		catch (TimeoutException ex) {
			interrupt(task);
			return List
				.of(notExamined(examination, "No answer within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
		}
		catch (InterruptedException ex) {
			interrupt(task);
			Thread.currentThread().interrupt();
			return List.of(notExamined(examination, "Interrupted"));
		}
	}

	private static void interrupt(FutureTask<?> task) {
		task.cancel(true);
	}

	/**
	 * Drivers write all kinds of things into their messages.
	 */
	private String reason(@Nullable Throwable cause) {
		if (cause == null) {
			return "It has failed";
		}
		String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
		return cause.getClass().getSimpleName() + ": " + this.redaction.apply(message);
	}

	private static Finding notExamined(Examination examination, String reason) {
		return Finding.warning(NOT_EXAMINED, examination.name(), "It could not be found out: " + reason,
				"Ask again when the server that it asks answers. If it always does, the user of the outbox"
						+ " may lack a right there");
	}

	/**
	 * Ends what is being examined: whoever waits for it gets what was found so far.
	 */
	public void cancel() {
		this.cancelled = true;
		this.running.values().forEach(Doctor::interrupt);
	}

	/**
	 * Ends what is being examined, and all that comes.
	 */
	@Override
	public void close() {
		this.closed = true;
		cancel();
	}

}
