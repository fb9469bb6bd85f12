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

import dev.outbox.deadletter.BulkChange;
import dev.outbox.doctor.Finding;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.DeadLetterGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a native image has to know to write the answers of the endpoints: their operations
 * say no more than that they return something.
 */
class EndpointHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	EndpointHintsTests() {
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, OutboxEndpoint.class,
				OutboxDeadLettersEndpoint.class, OutboxAuditEndpoint.class, OutboxDoctorEndpoint.class);
	}

	@ParameterizedTest
	@ValueSource(classes = { OutboxDoctorEndpoint.DiagnosisView.class, Finding.class, OutboxEndpoint.InstanceView.class,
			OutboxEndpoint.PartitionsView.class, ClusterStore.Paused.class, ClusterStore.Blocked.class,
			DeadLetterView.class, DeadLetterView.Content.class, DeadLetterGroup.class, BulkChange.class,
			AuditEntry.class, Change.class, Requests.Refusal.class })
	void whatIsAnsweredCanBeWritten(Class<?> answer) {
		assertThat(RuntimeHintsPredicates.reflection().onType(answer)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(answer, answer.getRecordComponents()[0].getName())).accepts(this.hints);
	}

	@Test
	void nothingElseIsKept() {
		assertThat(RuntimeHintsPredicates.reflection().onType(OperatedOutbox.class)).rejects(this.hints);
	}

}
