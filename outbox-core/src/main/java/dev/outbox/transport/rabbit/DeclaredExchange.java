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
 * An exchange that is declared.
 *
 * @param name its name
 * @param type its type
 * @param durable whether it survives a restart of the broker
 * @param autoDelete whether it goes when nothing is bound to it any more
 * @param arguments its arguments
 * @param onlyNamed whether it may be of another kind if it exists already
 */
record DeclaredExchange(String name, String type, boolean durable, boolean autoDelete, Map<String, Object> arguments,
		boolean onlyNamed) implements DeclaredPart {

}
