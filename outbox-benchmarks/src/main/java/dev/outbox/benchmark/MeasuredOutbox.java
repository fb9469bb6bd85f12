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

package dev.outbox.benchmark;

/**
 * An outbox that belongs to one measurement, on a server that all of them share.
 */
interface MeasuredOutbox extends AutoCloseable {

	/**
	 * Replace what is in the outbox by events that wait.
	 * @param backlog what waits
	 */
	void fill(Backlog backlog);

	/**
	 * Open the connections that a relay has.
	 * @param archive whether it archives what it has delivered
	 * @return the relay's side
	 */
	RelaySide relaySide(boolean archive);

	/**
	 * Open the connections that an application has.
	 * @param connections how many
	 * @return the application's side
	 */
	ApplicationSide applicationSide(int connections);

	@Override
	void close();

}
