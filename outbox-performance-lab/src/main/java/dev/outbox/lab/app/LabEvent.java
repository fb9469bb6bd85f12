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

package dev.outbox.lab.app;

/**
 * What every contender publishes.
 *
 * @param topic the topic, or exchange, that gets it
 * @param key whose events have an order
 * @param value what is sent: it begins with the key's number, the number within the key
 * and the time from which the latency counts, each with a colon behind it
 */
public record LabEvent(String topic, String key, String value) {
}
