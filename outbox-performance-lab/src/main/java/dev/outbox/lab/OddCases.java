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

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.outbox.lab.Session.Backlog;

/**
 * What is measured while something is wrong, or not as usual.
 */
final class OddCases {

	private static final int RATE = 100;

	private final Preset preset;

	OddCases(Preset preset) {
		this.preset = preset;
	}

	/**
	 * The rows that are deleted stay until the session ends.
	 */
	void heldSnapshot(Session session, Figures into) throws Exception {
		session.writer();
		try (Connection holder = session.rig().dataSource().getConnection()) {
			holder.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			holder.setAutoCommit(false);
			holder.createStatement().executeQuery("SELECT count(*) FROM lab_order");
			session.drain(backlog(session), into);
			holder.rollback();
		}
	}

	private Backlog backlog(Session session) {
		return new Backlog(session.spec().isPeer() ? Math.min(10_000, this.preset.peersUpTo()) : 100_000, 200,
				Session.KEYS);
	}

	/**
	 * The events of all other keys should not notice.
	 */
	void poisonKey(Session session, Figures into) throws Exception {
		int events = 2_000;
		int keys = 100;
		session.writer();
		String topic = session.rig().topic();
		session.ask("poison " + topic, Duration.ofSeconds(60));
		session.publish(topic, new Backlog(events, 200, keys));
		try (Arrivals arrivals = session.rig().arrivals(topic)) {
			int question = session.process().tell("mode relay");
			long others = events - events / keys;
			arrivals.await(1, Duration.ofSeconds(60));
			long first = System.nanoTime();
			while (others(arrivals) < others && System.nanoTime() - first < session.cut().toNanos()) {
				Session.pause(Duration.ofMillis(5));
			}
			into.add("shareOfOthers", (double) others(arrivals) / others);
			if (others(arrivals) == others) {
				into.add("secondsUntilOthers", (System.nanoTime() - first) / 1e9);
			}
			else {
				into.note("cut after " + session.cut().toSeconds() + " s");
			}
			into.add("sentOfThePoisonedKey", arrivals.ledger().of(0));
			session.process().answerTo(question, Duration.ofMinutes(3));
			session.stop();
		}
	}

	private static long others(Arrivals arrivals) {
		return arrivals.ledger().distinct() - arrivals.ledger().of(0);
	}

	void instances(Session session, Figures into, int instances) throws Exception {
		session.writer();
		String topic = session.rig().topic();
		Backlog backlog = backlog(session);
		session.publish(topic, backlog);
		List<ContenderProcess> more = new ArrayList<>();
		try (Arrivals arrivals = session.rig().arrivals(topic)) {
			for (int i = 1; i < instances; i++) {
				more.add(ContenderProcess.start(session.spec(), session.rig()));
			}
			List<Integer> questions = more.stream().map((process) -> process.tell("mode relay")).toList();
			int question = session.process().tell("mode relay");
			session.deliver(arrivals, question, backlog.events(), into);
			into.add("duplicates", arrivals.ledger().duplicates());
			into.add("outOfOrder", arrivals.ledger().outOfOrder());
			session.process().answerTo(question, Duration.ofMinutes(3));
			for (int i = 0; i < more.size(); i++) {
				more.get(i).answerTo(questions.get(i), Duration.ofMinutes(3));
			}
			session.stop();
		}
		finally {
			more.forEach(ContenderProcess::close);
		}
	}

	/**
	 * Both write, one dies. What it had committed is sent by the other, and what the
	 * other writes may have to wait until it has taken over.
	 */
	void recovery(Session session, Figures into) throws Exception {
		session.writer();
		String own = session.rig().topic();
		String victims = session.rig().topic();
		int seconds = 20;
		long patience = this.preset.extremes() ? 150 : 60;
		try (ContenderProcess victim = ContenderProcess.start(session.spec(), session.rig());
				Arrivals arrivals = session.rig().arrivals(own);
				Arrivals fromVictim = session.rig().arrivals(victims)) {
			victim.ask("mode relay", Duration.ofMinutes(3));
			session.relay();
			Session.pause(Duration.ofSeconds(12));
			long rowsBefore = rows(session);
			int question = session.process().tell(load(own, seconds));
			victim.tell(load(victims, seconds));
			Session.pause(Duration.ofSeconds(4));
			victim.kill();
			long killed = System.nanoTime();
			session.process().answerTo(question, Duration.ofSeconds(seconds + 60));
			long events = rows(session) - rowsBefore;
			while (arrived(arrivals, fromVictim) < events && System.nanoTime() - killed < patience * 1_000_000_000L) {
				Session.pause(Duration.ofMillis(20));
			}
			into.add("share", (double) arrived(arrivals, fromVictim) / events);
			into.add("lost", events - arrived(arrivals, fromVictim));
			into.add("longestDelaySeconds",
					Math.max(arrivals.ledger().latency(1), fromVictim.ledger().latency(1)) / 1000);
			into.add("duplicates", arrivals.ledger().duplicates() + fromVictim.ledger().duplicates());
			into.add("outOfOrder", arrivals.ledger().outOfOrder() + fromVictim.ledger().outOfOrder());
			if (arrived(arrivals, fromVictim) < events) {
				into.note("not all arrived within " + patience + " s: the delay is that of what did");
			}
			session.stop();
		}
	}

	private static String load(String topic, int seconds) {
		return "load " + topic + " 0 200 100 " + RATE + " " + seconds;
	}

	private static long arrived(Arrivals one, Arrivals other) {
		return one.ledger().distinct() + other.ledger().distinct();
	}

	private static long rows(Session session) {
		return ((Number) Objects
			.requireNonNull(session.rig().sql().query("SELECT count(*) AS n FROM lab_order").get(0).get("n")))
			.longValue();
	}

}
