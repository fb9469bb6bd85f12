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

package dev.outbox.autoconfigure.stub;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;

/**
 * A transport that nothing is sent through.
 */
public class StubTransport implements OutboxTransport {

	private final String name;

	public final AtomicBoolean closed = new AtomicBoolean();

	public StubTransport(String name) {
		this.name = name;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		throw new AssertionError("Nothing is to be sent");
	}

	@Override
	public void close() {
		this.closed.set(true);
	}

}
