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

import dev.outbox.transport.kafka.UnsafeProducerSettingException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that the application's producer is set up to lose or reorder events.
 */
final class UnsafeProducerSettingFailureAnalyzer extends AbstractFailureAnalyzer<UnsafeProducerSettingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsafeProducerSettingException cause) {
		String description = "The Kafka producer of the application has the setting '%s=%s'. With it Kafka may lose or "
				+ "reorder events after it has acknowledged them, and the outbox would already have deleted them.";
		String action = "Set '%s' to %s, or remove it. It comes from spring.kafka.producer.*, from "
				+ "spring.kafka.producer.properties.* or from a ProducerFactory bean.";
		return new FailureAnalysis(description.formatted(cause.getProperty(), cause.getValue()),
				action.formatted(cause.getProperty(), cause.getRequired()), cause);
	}

}
