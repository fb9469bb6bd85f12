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

package dev.outbox;

import java.io.Serial;
import java.util.List;

/**
 * Of messages that were sent together, some have not been acknowledged by the broker. The
 * others have been sent. The cause is the failure of the first of them: a
 * {@link SendTimeoutException} if its time was over.
 */
public class BatchSendException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final BatchResult result;

	/**
	 * Creates the exception.
	 * @param result outcome of each message, at least one of them a failure
	 */
	public BatchSendException(BatchResult result) {
		super(describe(result.results().size(), result.failures()), SendFailedException.of(result.failures().get(0)));
		this.result = result;
	}

	private static String describe(int all, List<SendResult> failures) {
		int sent = all - failures.size();
		return failures.size() + " of " + all + " messages have not been acknowledged by the broker; the cause says why"
				+ " for the first of them. The other " + sent + " have been sent and stay so: messages that are sent"
				+ " together are not sent as a whole. Look at the failures of the result, and send those again.";
	}

	/**
	 * Returns the outcome of each message.
	 * @return the result
	 */
	public BatchResult result() {
		return this.result;
	}

}
