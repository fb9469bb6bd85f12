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

package dev.outbox.store.jdbc.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Looks how far replicas are behind: whoever reads there after an event has arrived does
 * not find what the event is about.
 */
final class ReplicaExamination implements Examination {

	/**
	 * Who archives the log applies nothing, and who takes changes out of it is not read
	 * from.
	 */
	private static final String REPLICAS = """
			SELECT pid, application_name, state, ceil(extract(epoch FROM replay_lag) * 1000)::bigint
			FROM pg_stat_replication r WHERE (replay_lsn IS NOT NULL OR state IS NULL) AND NOT EXISTS (
				SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
			ORDER BY application_name, pid""";

	private final Catalogue catalogue;

	private final Duration limit;

	ReplicaExamination(Catalogue catalogue, Duration limit) {
		this.catalogue = catalogue;
		this.limit = limit;
	}

	@Override
	public String name() {
		return "replicas";
	}

	@Override
	public List<Finding> examine() {
		List<Replica> replicas = this.catalogue.query(REPLICAS,
				(row) -> new Replica(row.getInt(1), row.getString(2), row.getString(3), row.getObject(4, Long.class)));
		return assess(replicas, this.limit);
	}

	/**
	 * A replica that has nothing to do has no lag; one whose state is hidden has none to
	 * be seen.
	 */
	static List<Finding> assess(List<Replica> replicas, Duration limit) {
		List<Finding> findings = new ArrayList<>();
		int hidden = 0;
		for (Replica replica : replicas) {
			Long lag = replica.lagMillis();
			if (replica.state() == null) {
				hidden++;
			}
			else if (lag != null && lag > limit.toMillis()) {
				findings.add(late(replica, Duration.ofMillis(lag)));
			}
		}
		if (hidden > 0) {
			findings.add(Finding.note("replicas-hidden", "pg_stat_replication",
					"There are " + hidden + " replicas, and the user of the outbox may not see how far"
							+ " they are behind",
					"Let the user of the outbox see it: GRANT pg_read_all_stats TO its name"));
		}
		return findings;
	}

	private static Finding late(Replica replica, Duration lag) {
		return Finding.warning("replica-lag", "replica " + replica.name() + " (pid " + replica.pid() + ")",
				"It is " + lag.toSeconds() + " s behind (" + replica.state() + "). A consumer that gets an event and"
						+ " reads there does not find what the event is about",
				"Let what handles events read from the primary, or wait for the replica. A long query there, or a paused"
						+ " replay, may hold it up. If it may be that far behind, raise"
						+ " outbox.doctor.max-replica-lag");
	}

	/**
	 * A replica of the server.
	 *
	 * @param pid process on the server that serves it
	 * @param name its name
	 * @param state what it is doing, {@code null} if that is hidden
	 * @param lagMillis how far it is behind, {@code null} if it has nothing to do
	 */
	record Replica(int pid, @Nullable String name, @Nullable String state, @Nullable Long lagMillis) {

	}

}
