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

/**
 * One step of a scan.
 *
 * @param scope which rows
 * @param from where the scan has come to
 * @param upTo highest sequence number to read, {@link Long#MAX_VALUE} for no bound
 * @param maxRows how many rows to consume at most, at least 1
 * @param maxBytes how many payload bytes to consume at most; a single row that is larger
 * is consumed alone
 */
public record ReadRequest(ReadScope scope, Position from, long upTo, int maxRows, long maxBytes) {

}
