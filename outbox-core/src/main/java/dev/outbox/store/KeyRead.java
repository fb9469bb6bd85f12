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

package dev.outbox.store;

import dev.outbox.Destination;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of one key to read.
 *
 * @param part the key's partition
 * @param key the key, or {@code null} for the one row {@code fromSeq} if it has no key
 * @param destination the destination
 * @param fromSeq lowest sequence number
 * @param maxRows how many rows at most
 * @param maxBytes how many payload bytes at most; a single row that is larger is returned
 * alone
 */
public record KeyRead(int part, @Nullable String key, Destination destination, long fromSeq, int maxRows,
		long maxBytes) {

}
