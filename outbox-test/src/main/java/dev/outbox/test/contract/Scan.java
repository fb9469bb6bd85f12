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

package dev.outbox.test.contract;

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
public final class Scan {

	private static final int ROWS = 1000;

	private final RelayStore store;

	private final ReadScope scope;

	private Position position;

	/**
	 * Begins a scan.
	 * @param store the store
	 * @param scope what to read
	 */
	public Scan(RelayStore store, ReadScope scope) {
		this.store = store;
		this.scope = scope;
		this.position = store.start();
	}

	/**
	 * Returns how far the scan has come.
	 * @return the position
	 */
	public Position position() {
		return this.position;
	}

	/**
	 * Lets the scan go on somewhere else.
	 * @param position where
	 */
	public void position(Position position) {
		this.position = position;
	}

	/**
	 * Performs one step.
	 * @param upTo highest number to read
	 * @param maxRows how many rows at most
	 * @param maxBytes how many bytes at most
	 * @return what was read
	 */
	public ReadResult step(long upTo, int maxRows, long maxBytes) {
		ReadResult result = this.store.read(new ReadRequest(this.scope, this.position, upTo, maxRows, maxBytes));
		this.position = result.next();
		return result;
	}

	/**
	 * Performs one step.
	 * @return the payloads
	 */
	public List<String> poll() {
		return poll(ROWS);
	}

	/**
	 * Performs one step.
	 * @param maxRows how many rows at most
	 * @return the payloads
	 */
	public List<String> poll(int maxRows) {
		return payloads(step(Long.MAX_VALUE, maxRows, Long.MAX_VALUE));
	}

	/**
	 * Performs steps until the scan has reached its end.
	 * @param maxRows how many rows at most in each
	 * @return the payloads
	 */
	public List<String> drain(int maxRows) {
		List<String> all = new ArrayList<>();
		ReadResult result;
		do {
			result = step(Long.MAX_VALUE, maxRows, Long.MAX_VALUE);
			all.addAll(payloads(result));
		}
		while (!result.drained());
		return all;
	}

	/**
	 * Returns payloads as texts.
	 * @param result what was read
	 * @return the payloads
	 */
	public static List<String> payloads(ReadResult result) {
		return result.events().stream().map(Scan::payload).toList();
	}

	/**
	 * Returns a payload as a text.
	 * @param event whose
	 * @return the payload
	 */
	public static String payload(StoredEvent event) {
		return new String(event.event().payload(), StandardCharsets.UTF_8);
	}

}
