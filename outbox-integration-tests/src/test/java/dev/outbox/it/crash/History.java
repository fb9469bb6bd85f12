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

package dev.outbox.it.crash;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What happened.
 *
 * @param committed all events whose transactions committed
 * @param deadLetters ids of the events that were given up
 * @param observed all records of the broker; those of one partition or queue in their
 * order
 */
record History(List<Committed> committed, Set<UUID> deadLetters, List<Observed> observed) {

}
