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

package dev.outbox.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A contender that runs, with a database of its own.
 */
final class Session implements AutoCloseable {

	static final int KEYS = 10_000;

	private static final int PER_TRANSACTION = 100;

	/** Publishing is not measured, and some libraries take their time. */
	private static final Duration PUBLISHING = Duration.ofMinutes(5);

	/** How long the first event may take: a relay may wait for the lease of another. */
	private static final Duration FIRST = Duration.ofSeconds(60);

	private static final int WARM_UP_DRAINS = 3;

	private final ContenderSpec spec;

	private final Rig rig;

	private final Duration cut;

	private final ContenderProcess process;

	private Session(ContenderSpec spec, Rig rig, Duration cut) {
		this.spec = spec;
		this.rig = rig;
		this.cut = cut;
		rig.fresh(spec);
		this.process = ContenderProcess.start(spec, rig);
	}

	/**
	 * Start a contender and let it deliver some events that do not count.
	 */
	static Session open(ContenderSpec spec, Rig rig, Preset preset) throws Exception {
		Session session = new Session(spec, rig, preset.cut());
		try {
			if (!preset.name().equals("smoke")) {
				// The more it delivers in a given time, the more it takes to be compiled.
				for (int i = 0; i < (spec.isPeer() ? 1 : WARM_UP_DRAINS); i++) {
					session.drain(new Backlog(spec.isPeer() ? 20_000 : 200_000, 200, KEYS), Figures.ignored());
				}
			}
			return session;
		}
		catch (Exception ex) {
			session.close();
			throw ex;
		}
	}

	ContenderSpec spec() {
		return this.spec;
	}

	Rig rig() {
		return this.rig;
	}

	Duration cut() {
		return this.cut;
	}

	ContenderProcess process() {
		return this.process;
	}

	String ask(String command, Duration patience) {
		return this.process.ask(command, patience);
	}

	/**
	 * Start the application without its relay, and with empty tables.
	 */
	void writer() {
		this.process.ask("mode writer");
		this.rig.clear(this.spec);
	}

	void relay() {
		this.process.ask("mode relay", Duration.ofMinutes(3));
	}

	void stop() {
		this.process.ask("mode none");
	}

	void publish(String topic, Backlog backlog) {
		this.process.ask("publish " + topic + " " + backlog.events() + " " + backlog.bytes() + " " + backlog.keys()
				+ " " + Math.max(1, Math.min(PER_TRANSACTION, 1_000_000 / backlog.bytes())), PUBLISHING);
		this.rig.analyze();
	}

	/**
	 * Write a backlog and deliver it.
	 */
	void drain(Backlog backlog, Figures into) throws Exception {
		writer();
		String topic = this.rig.topic();
		double log = this.rig.logBytes();
		publish(topic, backlog);
		into.add("logBytesPerEventWriting", (this.rig.logBytes() - log) / backlog.events());
		try (Arrivals arrivals = this.rig.arrivals(topic)) {
			log = this.rig.logBytes();
			int question = this.process.tell("mode relay");
			deliver(arrivals, question, backlog.events(), into);
			Ledger ledger = arrivals.ledger();
			into.add("logBytesPerEventDelivering", (this.rig.logBytes() - log) / Math.max(1, ledger.distinct()));
			into.add("residentMegabytes", this.process.memory("VmRSS"));
			into.add("residentMegabytesMost", this.process.memory("VmHWM"));
			this.process.answerTo(question, Duration.ofMinutes(3));
			into.add("heapMegabytesAfterCollection", this.process.heapMegabytes());
			stop();
			into.add("duplicates", ledger.duplicates());
			into.add("outOfOrder", ledger.outOfOrder());
		}
	}

	/**
	 * Wait for a backlog, from the first event that arrives.
	 * @param arrivals where they arrive
	 * @param question what the relay was started with
	 * @param events how many there are
	 * @param into gets the figures
	 */
	void deliver(Arrivals arrivals, int question, int events, Figures into) {
		long deadline = System.nanoTime() + FIRST.toNanos();
		while (arrivals.ledger().distinct() == 0 && System.nanoTime() < deadline) {
			this.process.failUnlessDone(question);
			arrivals.await(1, Duration.ofMillis(50));
		}
		if (arrivals.ledger().distinct() == 0) {
			into.add("share", 0);
			into.note("nothing arrived within " + FIRST.toSeconds() + " s");
			return;
		}
		Cpu start = cpu();
		long already = arrivals.ledger().distinct();
		boolean complete = arrivals.await(events, this.cut);
		Cpu end = cpu();
		Ledger ledger = arrivals.ledger();
		if (!complete) {
			// A burst before a standstill is no rate.
			into.add("eventsPerSecond", ledger.distinct() * 1000.0 / this.cut.toMillis());
		}
		else if (ledger.rate() > 0) {
			into.add("eventsPerSecond", ledger.rate());
		}
		into.add("share", (double) ledger.distinct() / events);
		if (ledger.distinct() - already >= 1_000) {
			processorTime(start, end, ledger.distinct() - already, into);
		}
		if (!complete) {
			into.note("cut after " + this.cut.toSeconds() + " s");
		}
	}

	private static void processorTime(Cpu start, Cpu end, long events, Figures into) {
		double per100k = 100_000.0 / events;
		into.add("appCpuPer100k", (end.app - start.app) * per100k);
		into.add("databaseCpuPer100k", (end.database - start.database) * per100k);
		into.add("brokerCpuPer100k", (end.broker - start.broker) * per100k);
		into.add("cpuMicrosPerEvent", (end.app - start.app + end.database - start.database) * per100k * 10);
	}

	Cpu cpu() {
		return new Cpu(this.process.cpuSeconds(), this.rig.databaseCpu(), this.rig.brokerCpu());
	}

	/**
	 * Let time pass in which nothing is to happen.
	 */
	static void pause(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	@Override
	public void close() {
		this.process.close();
	}

	/**
	 * Seconds of processor time.
	 *
	 * @param app of the contender
	 * @param database of the database
	 * @param broker of the broker
	 */
	record Cpu(double app, double database, double broker) {
	}

	/**
	 * What waits.
	 *
	 * @param events how many events
	 * @param bytes size of each
	 * @param keys how many keys
	 */
	record Backlog(int events, int bytes, int keys) {
	}

}
