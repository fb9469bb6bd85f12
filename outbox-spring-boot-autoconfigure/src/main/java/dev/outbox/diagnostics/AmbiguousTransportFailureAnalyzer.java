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

package dev.outbox.diagnostics;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that it is not clear where events go.
 */
final class AmbiguousTransportFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousTransportException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousTransportException cause) {
		String names = String.join(", ", cause.getCandidates());
		String first = cause.getCandidates().get(0);
		if (cause.getChosen() != null) {
			return new FailureAnalysis(
					"The property 'outbox.transport' has the value '" + cause.getChosen()
							+ "', but the transports that are there are: " + names + ".",
					"Set 'outbox.transport' to one of them, for example outbox.transport=" + first
							+ ", or add the broker that it names.",
					cause);
		}
		return new FailureAnalysis(
				"There are several transports (" + names
						+ "), and nothing says which one takes the events whose route names none.",
				"Set 'outbox.transport' to one of them, for example outbox.transport=" + first
						+ ". Single events go elsewhere by outbox.routes.[<type>].transport or "
						+ "@OutboxEvent(transport = \"...\").",
				cause);
	}

}
