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

package dev.outbox.payload;

import dev.outbox.EventSerializationException;

/**
 * Turns payloads into bytes when they are published, and bytes into objects on the
 * consumer's side. The relay does neither. Implementations are thread-safe and do no I/O
 * that can block for long: the publishing transaction waits for them.
 */
public interface PayloadSerializer {

	/**
	 * Turns a payload into bytes. What the payload looks like afterwards does not matter
	 * any more.
	 * @param payload the payload
	 * @return its bytes and their MIME type; no class name is among them
	 * @throws EventSerializationException if this is not possible; its message does not
	 * contain the payload
	 */
	SerializedPayload serialize(Object payload);

	/**
	 * Turns bytes into an object of a class that the receiver has chosen; nothing in the
	 * bytes can choose another one.
	 * @param <T> type of the object
	 * @param payload the bytes
	 * @param contentType MIME type of the bytes
	 * @param type class of the object
	 * @return the object
	 * @throws EventSerializationException if this is not possible; its message does not
	 * contain the payload
	 */
	<T> T deserialize(byte[] payload, String contentType, Class<T> type);

}
