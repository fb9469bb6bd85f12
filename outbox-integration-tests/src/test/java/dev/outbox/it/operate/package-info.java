/*
 * What operators see and press.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * What operators see and press.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * What operators see and press.
 * See the License for the specific language governing permissions and
 * What operators see and press.
 */

/**
 * What operators see and press.
 */
@NullMarked
package dev.outbox.it.operate;

import org.jspecify.annotations.NullMarked;
