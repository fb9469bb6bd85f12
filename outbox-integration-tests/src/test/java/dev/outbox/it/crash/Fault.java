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

package dev.outbox.it.crash;

/**
 * What is done to a part of the system.
 */
enum Fault {

	/**
	 * An application dies (SIGKILL) and is started again.
	 */
	KILL_INSTANCE,

	/**
	 * An application is frozen for longer than its lease (SIGSTOP, SIGCONT) and does not
	 * know of it.
	 */
	FREEZE_INSTANCE,

	/**
	 * An application is asked to end (SIGTERM) and is started again.
	 */
	RESTART_INSTANCE,

	/**
	 * The broker dies and comes back with the same data.
	 */
	KILL_BROKER,

	/**
	 * The broker is stopped in good order and comes back.
	 */
	RESTART_BROKER,

	/**
	 * The database dies with all its sessions and recovers.
	 */
	KILL_DATABASE,

	/**
	 * The broker is frozen (SIGSTOP, SIGCONT), sometimes for longer than a send may take.
	 */
	FREEZE_BROKER,

	/**
	 * The broker closes all connections.
	 */
	CLOSE_CONNECTIONS,

	/**
	 * The broker is short of memory and takes nothing.
	 */
	RAISE_ALARM,

	/**
	 * The database has no primary for a while, and breaks off all transactions.
	 */
	STEP_DOWN,

	/**
	 * The change streams of the database cannot be resumed.
	 */
	LOSE_HISTORY;

	/**
	 * Returns how many instances may send again what they had in flight when the fault
	 * happened: those that it hits.
	 * @param instances how many there are
	 * @return how many windows may be repeated
	 */
	int repeatedWindows(int instances) {
		return switch (this) {
			case KILL_INSTANCE, FREEZE_INSTANCE, RESTART_INSTANCE -> 1;
			case KILL_BROKER, RESTART_BROKER, KILL_DATABASE, FREEZE_BROKER, CLOSE_CONNECTIONS, RAISE_ALARM, STEP_DOWN ->
				instances;
			case LOSE_HISTORY -> 0;
		};
	}

}
