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

package dev.outbox.transport;

/**
 * Wraps the transports of a relay, for example to observe what they send. Beans of this
 * type are applied to each transport in their order, the last one outermost. What is sent
 * without the outbox does not pass them.
 */
@FunctionalInterface
public interface TransportDecorator {

	/**
	 * Wraps a transport. Called once for each, before the relay starts.
	 * @param transport the transport, which whoever has made it closes
	 * @return a transport of the same name, options and contract; the one that was given
	 * if there is nothing to do
	 */
	OutboxTransport decorate(OutboxTransport transport);

}
