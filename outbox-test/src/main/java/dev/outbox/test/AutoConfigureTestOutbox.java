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

package dev.outbox.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.test.context.TestPropertySource;

/**
 * Lets an application under test publish as ever, into its own tables, but sends nothing
 * to a broker: its transports keep in memory what they are given, and nothing is
 * delivered before the test says so. For {@code @SpringBootTest} and for slices whose
 * services publish; {@link OutboxTest} has it already.
 * <p>
 * There are beans and parameters of test methods of these types: {@link PublishedEvents},
 * {@link StepRelay}, {@link InMemoryTransport} (where there is one transport) and
 * {@link TestClock}. Before each test method they are reset, and <b>what is in the outbox
 * is discarded</b>: what waits, dead letters, blocked keys and pauses, whoever has stored
 * it. Use a database that is there for tests. A test must not be transactional: what is
 * rolled back is never published.
 * <p>
 * Applications with several outboxes ({@code outbox.instances.*}) are not supported.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@TestPropertySource(properties = { "outbox.relay.enabled=true", "outbox.relay.auto-startup=false",
		"outbox.topology.mode=none", "outbox.doctor.startup-report=false" })
@ResourceLock("dev.outbox.test")
@ExtendWith(OutboxExtension.class)
public @interface AutoConfigureTestOutbox {

}
