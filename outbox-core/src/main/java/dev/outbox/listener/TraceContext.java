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

package dev.outbox.listener;

import java.util.Map;

import dev.outbox.Destination;

/**
 * Connects events with the trace in which they are published.
 */
@FunctionalInterface
public interface TraceContext {

	/**
	 * Returns the trace of the calling thread as headers that are stored with the event,
	 * for example {@code traceparent}. Called once for each event, on the publishing
	 * thread; must not block or throw.
	 * @param eventType logical type of the event
	 * @param destination where the event goes
	 * @return the headers; empty if there is no trace, and then headers of the same names
	 * that the caller has set are left as they are
	 */
	Map<String, String> headers(String eventType, Destination destination);

}
