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

package dev.outbox.actuate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.outbox.doctor.Diagnosis;
import dev.outbox.doctor.Finding;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * What is wrong around the outbox, and what to do about it. Asks the database and the
 * brokers each time.
 */
@Endpoint(id = "outboxdoctor", defaultAccess = Access.READ_ONLY)
@RegisterReflectionForBinding({ OutboxDoctorEndpoint.DiagnosisView.class, Requests.Refusal.class })
public final class OutboxDoctorEndpoint {

	private final OperatedOutboxes outboxes;

	/**
	 * Creates the endpoint.
	 * @param outboxes the outboxes of the application
	 */
	public OutboxDoctorEndpoint(OperatedOutboxes outboxes) {
		this.outboxes = outboxes;
	}

	/**
	 * Examines the outbox.
	 * @param outbox name of the outbox, if there are several; all of them by default
	 * @return what was found
	 */
	@ReadOperation
	public @Nullable Object examine(@Nullable String outbox) {
		return Requests.answer(() -> {
			if (outbox == null && !this.outboxes.named().isEmpty()) {
				Map<String, Object> all = new TreeMap<>();
				this.outboxes.named().forEach((name, operated) -> all.put(name, view(operated)));
				return Map.of("outboxes", all);
			}
			return view(this.outboxes.get(outbox));
		});
	}

	private static DiagnosisView view(OperatedOutbox outbox) {
		Diagnosis diagnosis = outbox.doctor().examine();
		return new DiagnosisView(diagnosis.at().toString(), diagnosis.took().toMillis(), diagnosis.findings(),
				diagnosis.healthy());
	}

	/**
	 * What was found.
	 *
	 * @param examinedAt when the examinations began
	 * @param tookMillis how long they took
	 * @param findings what is wrong, what matters most first
	 * @param healthy names of the examinations that have found nothing
	 */
	public record DiagnosisView(String examinedAt, long tookMillis, List<Finding> findings, List<String> healthy) {

	}

}
