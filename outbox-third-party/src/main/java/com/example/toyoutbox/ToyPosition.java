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

package com.example.toyoutbox;

import dev.outbox.store.Position;

/**
 * How far a scan has come. Rows up to the cursor that have become visible later are found
 * by the change that has made them visible. They are read in passes, each in the order of
 * their numbers.
 *
 * @param cursor the highest number that was passed
 * @param seen everything up to the cursor that this change and earlier ones have made
 * visible was returned
 * @param pass the change with which the pass that is under way ends, 0 if there is none
 * @param passed the number of the last row that this pass has returned
 */
record ToyPosition(long cursor, long seen, long pass, long passed) implements Position {

}
