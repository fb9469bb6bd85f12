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

package dev.outbox.it.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;

/**
 * A scan that a test performs step by step.
 */
final class Scan {

	private final RelayStore store;

	private final ReadScope scope;

	private Position position;

	Scan(RelayStore store, ReadScope scope) {
		this.store = store;
		this.scope = scope;
		this.position = store.start();
	}

	Position position() {
		return this.position;
	}

	void position(Position position) {
		this.position = position;
	}

	ReadResult step(long upTo, int maxRows, long maxBytes) {
		ReadResult result = this.store.read(new ReadRequest(this.scope, this.position, upTo, maxRows, maxBytes));
		this.position = result.next();
		return result;
	}

	/**
	 * Performs one step.
	 * @return the payloads
	 */
	List<String> poll() {
		return poll(1000);
	}

	List<String> poll(int maxRows) {
		return payloads(step(Long.MAX_VALUE, maxRows, Long.MAX_VALUE));
	}

	/**
	 * Performs steps until the scan has reached its end.
	 * @return the payloads
	 */
	List<String> drain(int maxRows) {
		List<String> all = new ArrayList<>();
		ReadResult result;
		do {
			result = step(Long.MAX_VALUE, maxRows, Long.MAX_VALUE);
			all.addAll(payloads(result));
		}
		while (!result.drained());
		return all;
	}

	static List<String> payloads(ReadResult result) {
		return result.events().stream().map(Scan::payload).toList();
	}

	static String payload(StoredEvent event) {
		return new String(event.event().payload(), StandardCharsets.UTF_8);
	}

}
