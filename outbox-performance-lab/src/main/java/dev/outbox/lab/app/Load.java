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

package dev.outbox.lab.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.springframework.context.ApplicationContext;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The business of the application: transactions with one row of its own and some events.
 */
final class Load {

	private static final int THREADS = 4;

	private static final int ATTEMPTS = 100;

	/**
	 * No more than the outbox takes, and with key and headers more than the producer
	 * does.
	 */
	private static final int TOO_LARGE = 1_048_580;

	/** Enough for those whose transactions are slow. */
	private static final int OPEN_LOOP_THREADS = 8;

	private final Clock clock = Clock.systemUTC();

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transactions;

	private final Consumer<LabEvent> publisher;

	private Load(JdbcTemplate jdbc, TransactionTemplate transactions, Consumer<LabEvent> publisher) {
		this.jdbc = jdbc;
		this.transactions = transactions;
		this.publisher = publisher;
	}

	static Load of(ApplicationContext context, Consumer<LabEvent> publisher) {
		return new Load(context.getBean(JdbcTemplate.class), context.getBean(TransactionTemplate.class), publisher);
	}

	/**
	 * Publish as fast as possible. A key belongs to one thread, so that its events have
	 * an order.
	 */
	String publish(Shape shape) throws Exception {
		long start = System.nanoTime();
		int threads = Math.min(THREADS, shape.keys());
		String filler = Wire.filler(shape.bytes());
		inThreads(threads, (thread) -> {
			int mine = (shape.keys() - thread + threads - 1) / threads;
			int events = share(shape, thread, threads);
			for (int from = 0; from < events; from += shape.perTransaction()) {
				int first = from;
				int last = Math.min(events, from + shape.perTransaction());
				inTransaction(() -> {
					businessRow(first);
					for (int i = first; i < last; i++) {
						int key = thread + threads * (i % mine);
						this.publisher.accept(Wire.event(shape.topic(), key, i / mine, 0, filler));
					}
				});
			}
		});
		return seconds(start);
	}

	/** How many events a thread has of a number that is spread evenly over the keys. */
	private static int share(Shape shape, int thread, int threads) {
		int even = shape.events() / threads;
		return (thread < shape.events() % threads) ? even + 1 : even;
	}

	/**
	 * Publish at a fixed rate, whether or not the application keeps up: an event that is
	 * late counts from the time at which it should have been published.
	 */
	String openLoop(Shape shape, int rate, int seconds) throws Exception {
		long startNanos = System.nanoTime();
		long startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, this.clock.instant());
		int threads = Math.min(OPEN_LOOP_THREADS, shape.keys());
		int events = rate * seconds;
		String filler = Wire.filler(shape.bytes());
		inThreads(threads, (thread) -> {
			int mine = (shape.keys() - thread + threads - 1) / threads;
			int number = 0;
			for (int i = thread; i < events; i += threads, number++) {
				long offset = i * 1_000_000_000L / rate;
				for (long left = startNanos + offset - System.nanoTime(); left > 0; left = startNanos + offset
						- System.nanoTime()) {
					LockSupport.parkNanos(left);
				}
				LabEvent event = Wire.event(shape.topic(), thread + threads * (number % mine), number / mine,
						startMicros + offset / 1000, filler);
				int row = i;
				inTransaction(() -> {
					businessRow(row);
					this.publisher.accept(event);
				});
			}
		});
		return seconds(startNanos);
	}

	/**
	 * Count the transactions of some seconds.
	 */
	String write(String topic, int threads, int seconds, boolean event) throws Exception {
		AtomicLong count = new AtomicLong();
		long start = System.nanoTime();
		long end = start + Duration.ofSeconds(seconds).toNanos();
		String filler = Wire.filler(200);
		inThreads(threads, (thread) -> {
			for (int i = 0; System.nanoTime() < end; i++) {
				int number = i;
				inTransaction(() -> {
					businessRow(number);
					if (event) {
						int key = thread + threads * (number % 100);
						this.publisher.accept(Wire.event(topic, key, number / 100, 0, filler));
					}
				});
				count.incrementAndGet();
			}
		});
		return count + " " + seconds(start);
	}

	/**
	 * Publish an event that is larger than the producer takes, before all others of its
	 * key.
	 */
	String poison(String topic) {
		inTransaction(() -> this.publisher.accept(Wire.event(topic, 0, 1_000_000, 0, Wire.filler(TOO_LARGE))));
		return "1";
	}

	/**
	 * Try again, as an application would, what loses against another transaction: some
	 * libraries lock more than the row that they write.
	 */
	private void inTransaction(Runnable work) {
		for (int attempt = 1;; attempt++) {
			try {
				this.transactions.executeWithoutResult((status) -> work.run());
				return;
			}
			catch (ConcurrencyFailureException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private void businessRow(int number) {
		this.jdbc.update("INSERT INTO lab_order (customer, amount) VALUES (?, ?)", "customer-" + number, number);
	}

	private static String seconds(long start) {
		return String.format(Locale.ROOT, "%.3f", (System.nanoTime() - start) / 1e9);
	}

	private static void inThreads(int threads, Work work) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> parts = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				int number = thread;
				Callable<Integer> part = () -> {
					work.run(number);
					return number;
				};
				parts.add(executor.submit(part));
			}
			for (Future<?> part : parts) {
				part.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A thread of the load has failed", ex.getCause());
		}
		finally {
			executor.shutdownNow();
		}
	}

	private interface Work {

		void run(int thread) throws Exception;

	}

	/**
	 * What is published.
	 *
	 * @param topic where to
	 * @param events how many events
	 * @param bytes size of an event
	 * @param keys how many keys
	 * @param perTransaction how many events a transaction has
	 */
	record Shape(String topic, int events, int bytes, int keys, int perTransaction) {

		static Shape parse(String[] words) {
			if (words[1].equals("load")) {
				return new Shape(words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]),
						Integer.parseInt(words[5]), 1);
			}
			return new Shape(words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]),
					Integer.parseInt(words[5]), Integer.parseInt(words[6]));
		}

	}

}
