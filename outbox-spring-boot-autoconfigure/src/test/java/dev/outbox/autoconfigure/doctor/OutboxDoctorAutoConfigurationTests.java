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

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import dev.outbox.Destination;
import dev.outbox.autoconfigure.StoreExaminations;
import dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration;
import dev.outbox.autoconfigure.retry.OutboxRetryAutoConfiguration;
import dev.outbox.autoconfigure.stub.EmptyStore;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class OutboxDoctorAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxDoctorAutoConfiguration.class));

	private final ApplicationContextRunner relaying = this.runner
		.withConfiguration(
				AutoConfigurations.of(OutboxRetryAutoConfiguration.class, OutboxRelayAutoConfiguration.class))
		.withBean(EmptyStore.class)
		.withBean("stub", StubTransport.class, () -> new StubTransport("stub"));

	@Test
	void examinesWhatThereIs() {
		this.runner.run(
				(context) -> assertThat(context.getBean(Doctor.class).examine().healthy()).containsExactly("settings"));
		this.relaying.run((context) -> assertThat(context.getBean(Doctor.class).examine().healthy()).contains("lease",
				"reachability", "settings"));
	}

	@Test
	void examinationsOfTheApplicationAndOfTheStoreAreMadeToo() {
		this.runner.withBean("own", Examination.class, () -> Examination.of("own", List::of))
			.withBean(StoreExaminations.class, () -> (settings) -> List.of(Examination.of("store", List::of)))
			.run((context) -> assertThat(context.getBean(Doctor.class).examine().healthy()).containsExactly("own",
					"settings", "store"));
	}

	@Test
	void theLimitsAreProperties() {
		AtomicReference<ExaminationSettings> settings = new AtomicReference<>();
		this.runner.withBean(StoreExaminations.class, () -> (given) -> {
			settings.set(given);
			return List.of();
		})
			.withPropertyValues("outbox.doctor.max-clock-skew=7s", "outbox.doctor.max-transaction-age=8s",
					"outbox.doctor.max-replica-lag=9s")
			.run((context) -> assertThat(settings.get()).isEqualTo(new ExaminationSettings(Clock.systemUTC(),
					Duration.ofSeconds(7), Duration.ofSeconds(8), Duration.ofSeconds(9))));
		this.runner.withPropertyValues("outbox.doctor.timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("outbox.doctor.timeout"));
	}

	@Test
	void aDoctorOfTheApplicationReplacesOurs() {
		this.runner
			.withBean("mine", Doctor.class,
					() -> new Doctor(List.of(), Duration.ofSeconds(1), Clock.systemUTC(), UnaryOperator.identity()))
			.run((context) -> assertThat(context.getBean(Doctor.class).examine().healthy()).isEmpty());
	}

	@Test
	void thereIsNoneWithoutAnOutbox() {
		this.runner.withPropertyValues("outbox.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Doctor.class));
	}

	@Test
	void whatIsFoundIsLoggedOnceAfterTheStart(CapturedOutput output) {
		StartupReport report = report(true,
				Examination.of("own", () -> List.of(Finding.error("no-milk", "fridge", "It is empty", "Buy some"),
						Finding.note("no-juice", "fridge", "It is empty", "Leave it"))));
		report.start();
		await()
			.untilAsserted(() -> assertThat(output).contains("The outbox has no-milk (fridge): It is empty. Buy some"));
		assertThat(output).contains("The outbox has findings, below: all of it").doesNotContain("no-juice");
		report.stop();
		assertThat(report.isRunning()).isFalse();
	}

	@Test
	void thatNothingWasFoundIsLoggedToo(CapturedOutput output) {
		report(true, Examination.of("own", List::of)).start();
		await().untilAsserted(() -> assertThat(output).contains("The outbox is healthy: all of it"));
	}

	@Test
	void aStopEndsWhatIsBeingExamined(CapturedOutput output) throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		StartupReport report = report(true, Examination.of("endless", () -> {
			begun.countDown();
			try {
				new CountDownLatch(1).await();
			}
			finally {
				interrupted.countDown();
			}
			return List.of();
		}));
		report.start();
		begun.await();
		report.stop();
		assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(output).doesNotContain("not-examined");
	}

	@Test
	void destinationsAreKnownFromTheConfiguration() {
		this.relaying
			.withPropertyValues("outbox.dead-letter.topic.name=dead", "outbox.topics.fallback=orders",
					"outbox.routes.[order.paid].destination=payments", "outbox.routes.[order.paid].transport=other")
			.run((context) -> {
				assertThat(context.getBean(UsedDestinations.class).all()).containsExactlyInAnyOrder(
						new Destination("stub", "dead"), new Destination("stub", "orders"),
						new Destination("other", "payments"));
				assertThat(context.getBean(UsedDestinations.class).waiting()).isEmpty();
			});
	}

	@Test
	void theReportCanBeSwitchedOff() {
		this.runner.run((context) -> assertThat(context.getBean(StartupReport.class).isRunning()).isTrue());
		this.runner.withPropertyValues("outbox.doctor.startup-report=false")
			.run((context) -> assertThat(context.getBean(StartupReport.class).isRunning()).isFalse());
	}

	private static StartupReport report(boolean enabled, Examination examination) {
		return new StartupReport(
				new Doctor(List.of(examination), Duration.ofSeconds(30), Clock.systemUTC(), UnaryOperator.identity()),
				"outbox", () -> "all of it", enabled, Duration.ZERO);
	}

}
