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

/**
 * How the outbox's own transactions begin. Everything here ends with the transaction.
 */
final class TransactionSettings {

	/**
	 * Also on a server that is in recovery: who reads finds out that it is.
	 */
	private static final String READ_COMMITTED = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

	/**
	 * The statistics of a table that is a queue are always wrong, and its plans are never
	 * worth compiling, or a parallel worker for each poll.
	 */
	private static final String PLANNER = """
			; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off\
			; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off\
			; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0""";

	private static final String NO_FLUSH = "; SET LOCAL synchronous_commit = off";

	/**
	 * For reading rows of the queue.
	 */
	static final String READ = READ_COMMITTED + PLANNER;

	/**
	 * For what must survive a crash of the server.
	 */
	static final String WRITE = READ_COMMITTED + ", READ WRITE";

	/**
	 * For queries which all see the same state.
	 */
	static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";

	/**
	 * For what may be lost in a crash of the server.
	 */
	static final String WRITE_WITHOUT_FLUSH = WRITE + NO_FLUSH;

	/**
	 * For removing rows of the queue: losing that only means a duplicate.
	 */
	static final String SETTLE = WRITE + PLANNER + NO_FLUSH;

	private TransactionSettings() {
	}

}
