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

package dev.outbox.transport.rabbit;

import java.util.Map;

/**
 * A binding that is declared.
 *
 * @param exchange name of the exchange
 * @param queue name of the queue
 * @param key the binding's key, empty for none
 * @param arguments its arguments
 * @param everything whether the queue is meant to get all that the exchange is sent
 */
record DeclaredBinding(String exchange, String queue, String key, Map<String, Object> arguments, boolean everything) {

}
