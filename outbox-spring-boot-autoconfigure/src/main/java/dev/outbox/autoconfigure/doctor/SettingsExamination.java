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

package dev.outbox.autoconfigure.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;

import org.springframework.core.env.Environment;

/**
 * Settings that do not fit together, although each of them is allowed.
 */
final class SettingsExamination implements Examination {

	private static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final Duration DEFAULT_PHASE = Duration.ofSeconds(30);

	private final OutboxProperties properties;

	private final Environment environment;

	SettingsExamination(OutboxProperties properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@Override
	public String name() {
		return "settings";
	}

	@Override
	public List<Finding> examine() {
		List<Finding> findings = new ArrayList<>();
		Duration phase = this.environment.getProperty(PHASE, Duration.class, DEFAULT_PHASE);
		Duration shutdown = this.properties.shutdownTimeout();
		if (shutdown.compareTo(phase) > 0) {
			findings.add(Finding.warning("shutdown-cut-short", "outbox.shutdown-timeout",
					"The relay may take " + shutdown.toMillis() + " ms to stop, but the application waits "
							+ phase.toMillis() + " ms only (" + PHASE
							+ "). What is at the broker by then is sent once more by another instance",
					"Raise " + PHASE + ", and the grace period of the platform, above outbox.shutdown-timeout"));
		}
		return findings;
	}

}
