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

import dev.outbox.lab.Session.Cpu;

/**
 * What is measured while the application works.
 */
final class LoadCases {

	private static final int KEYS = 1_000;

	/** The compiler has a lot to do when an application has started. */
	private static final int WARM_UP_SECONDS = 20;

	private static final int WARM_UP_EVENTS_PER_SECOND = 500;

	/** What the start has left to do is not idleness. */
	private static final Duration SETTLED = Duration.ofSeconds(20);

	private final Preset preset;

	LoadCases(Preset preset) {
		this.preset = preset;
	}

	void latency(Session session, Figures into, int rate) throws Exception {
		session.writer();
		session.relay();
		String topic = session.rig().topic();
		int seconds = (int) this.preset.load().toSeconds();
		try (Arrivals arrivals = session.rig().arrivals(topic)) {
			int perSecond = Math.min(rate, WARM_UP_EVENTS_PER_SECOND);
			load(session, topic, perSecond, WARM_UP_SECONDS);
			arrivals.await((long) perSecond * WARM_UP_SECONDS, this.preset.cut());
		}
		String measured = session.rig().topic();
		try (Arrivals arrivals = session.rig().arrivals(measured)) {
			int events = rate * seconds;
			Cpu start = session.cpu();
			double took = load(session, measured, rate, seconds);
			boolean complete = arrivals.await(events, this.preset.cut());
			Cpu end = session.cpu();
			Ledger ledger = arrivals.ledger();
			into.add("p50Millis", ledger.latency(0.5));
			into.add("p90Millis", ledger.latency(0.9));
			into.add("p99Millis", ledger.latency(0.99));
			into.add("p999Millis", ledger.latency(0.999));
			into.add("mostMillis", ledger.latency(1));
			into.add("share", (double) ledger.distinct() / events);
			into.add("publishedPerSecond", events / took);
			into.add("appCpuMicrosPerEvent", (end.app() - start.app()) * 1e6 / Math.max(1, ledger.distinct()));
			into.add("databaseCpuMicrosPerEvent",
					(end.database() - start.database()) * 1e6 / Math.max(1, ledger.distinct()));
			into.add("duplicates", ledger.duplicates());
			into.add("outOfOrder", ledger.outOfOrder());
			if (!complete) {
				into.note("cut " + this.preset.cut().toSeconds()
						+ " s after the load: the latency is that of what arrived");
			}
			session.stop();
		}
	}

	private double load(Session session, String topic, int rate, int seconds) {
		return Double.parseDouble(session.ask("load " + topic + " 0 200 " + KEYS + " " + rate + " " + seconds,
				this.preset.load().multipliedBy(10).plusSeconds(60)));
	}

	void write(Session session, Figures into, int threads) {
		session.writer();
		String topic = session.rig().topic();
		long seconds = Math.max(2, this.preset.load().toSeconds() / 2);
		// In turns, and the first ones do not count.
		write(session, topic, threads, 1, true);
		double bare = write(session, topic, threads, seconds, false);
		double withEvent = write(session, topic, threads, seconds, true);
		into.add("transactionsPerSecond", withEvent);
		into.add("bareTransactionsPerSecond", bare);
		into.add("ratioToBare", withEvent / bare);
		session.stop();
	}

	private double write(Session session, String topic, int threads, long seconds, boolean event) {
		String[] answer = session
			.ask("write " + topic + " " + threads + " " + seconds + " " + event, Duration.ofSeconds(seconds + 60))
			.split(" ");
		return Double.parseDouble(answer[0]) / Double.parseDouble(answer[1]);
	}

	void idle(Session session, Figures into) {
		session.writer();
		session.relay();
		Session.pause(SETTLED);
		Duration length = this.preset.load().plusSeconds(9);
		double statements = session.rig().statements();
		Cpu start = session.cpu();
		Session.pause(length);
		Cpu end = session.cpu();
		double seconds = length.toMillis() / 1000.0;
		into.add("databaseTransactionsPerSecond", (session.rig().statements() - statements) / seconds);
		into.add("appCpuPercent", (end.app() - start.app()) * 100 / seconds);
		into.add("databaseCpuPercent", (end.database() - start.database()) * 100 / seconds);
		into.add("residentMegabytes", session.process().memory("VmRSS"));
		into.add("heapMegabytesAfterCollection", session.process().heapMegabytes());
		session.stop();
	}

}
