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

package dev.outbox.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbox.relay.FailureText;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * How examinations are made.
 */
class DoctorTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

	@Test
	void whatMattersMostComesFirst() {
		List<Finding> many = List.of(Finding.note("b-note", "x", "p", "a"), Finding.warning("b-warning", "x", "p", "a"),
				Finding.error("b-error", "x", "p", "a"));
		List<Finding> one = List.of(Finding.warning("a-warning", "x", "p", "a"));
		Diagnosis diagnosis = doctor(LIMIT, Examination.of("many", () -> many), Examination.of("none", List::of),
				Examination.of("one", () -> one))
			.examine();
		assertThat(diagnosis.findings()).extracting(Finding::code)
			.containsExactly("b-error", "a-warning", "b-warning", "b-note");
		assertThat(diagnosis.healthy()).containsExactly("none");
		assertThat(diagnosis.at()).isEqualTo(CLOCK.instant());
	}

	@Test
	void anExaminationThatFailsIsAFindingAndHidesNoOther() {
		Diagnosis diagnosis = doctor(LIMIT, Examination.of("broken", () -> {
			throw new IllegalStateException("jdbc:mysql://ann:s3cret@db:1 refused password=s3cret\nsecond line");
		}), Examination.of("other", () -> List.of(Finding.error("other", "x", "p", "a")))).examine();
		assertThat(diagnosis.findings()).extracting(Finding::code, Finding::subject)
			.containsExactly(tuple("other", "x"), tuple(Doctor.NOT_EXAMINED, "broken"));
		assertThat(diagnosis.findings().get(1).problem()).contains("IllegalStateException", "db:1 refused")
			.doesNotContain("s3cret", "second line");
		assertThat(diagnosis.healthy()).isEmpty();
	}

	@Test
	void anExaminationThatHangsIsLeftBehindAndNotMadeBesideItself() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger made = new AtomicInteger();
		Examination hanging = Examination.of("hanging", () -> {
			made.incrementAndGet();
			while (release.getCount() > 0) {
				awaitUninterrupted(release);
			}
			return List.of();
		});
		Doctor doctor = doctor(Duration.ofSeconds(2), hanging, Examination.of("other", List::of));
		assertThat(doctor.examine().findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.problem()).contains("No answer within"));
		Diagnosis second = doctor.examine();
		assertThat(second.findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.problem()).contains("not come to its end"));
		assertThat(second.healthy()).containsExactly("other");
		assertThat(made).hasValue(1);
		release.countDown();
	}

	@Test
	void whatTakesTooLongSeveralTimesEndsTheExaminations() {
		CountDownLatch release = new CountDownLatch(1);
		Examination[] all = new Examination[6];
		for (int i = 0; i < all.length; i++) {
			all[i] = Examination.of("hanging-" + i, () -> {
				release.await();
				return List.of();
			});
		}
		Diagnosis diagnosis = doctor(Duration.ofMillis(50), all).examine();
		assertThat(diagnosis.findings()).hasSize(6)
			.filteredOn((finding) -> finding.problem().contains("before it have taken too long"))
			.hasSizeGreaterThanOrEqualTo(2);
	}

	@Test
	void whoAsksMeanwhileGetsTheSameAnswer() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger made = new AtomicInteger();
		Doctor doctor = doctor(LIMIT, Examination.of("slow", () -> {
			made.incrementAndGet();
			begun.countDown();
			release.await();
			return List.of();
		}));
		CompletableFuture<Diagnosis> first = CompletableFuture.supplyAsync(doctor::examine,
				(task) -> new Thread(task).start());
		begun.await();
		CompletableFuture<Diagnosis> second = new CompletableFuture<>();
		Thread asking = new Thread(() -> second.complete(doctor.examine()));
		asking.start();
		while (asking.getState() != Thread.State.WAITING && !second.isDone()) {
			Thread.onSpinWait();
		}
		release.countDown();
		assertThat(second.get()).isSameAs(first.get());
		assertThat(made).hasValue(1);
		doctor.examine();
		assertThat(made).hasValue(2);
	}

	@Test
	void closingInterruptsWhatIsBeingExamined() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		Doctor doctor = doctor(LIMIT, Examination.of("endless", () -> {
			begun.countDown();
			new CountDownLatch(1).await();
			return List.of();
		}));
		CompletableFuture<Diagnosis> diagnosis = CompletableFuture.supplyAsync(doctor::examine,
				(task) -> new Thread(task).start());
		begun.await();
		doctor.close();
		assertThat(diagnosis.get().findings()).singleElement()
			.satisfies((finding) -> assertThat(finding.problem()).contains("stopping"));
		assertThat(doctor.examine().findings()).hasSize(1);
	}

	@Test
	void theCodeOfAFindingCanBeUsedByPrograms() {
		assertThatIllegalArgumentException().isThrownBy(() -> Finding.note("No Code", "x", "p", "a"));
		assertThatIllegalArgumentException().isThrownBy(() -> Finding.note("no--code", "x", "p", "a"));
	}

	@Test
	void aClockThatIsWrongByMoreThanTheAnswerTookIsAFinding() throws Exception {
		assertThat(clock(Duration.ofMillis(-1500)).examine()).singleElement()
			.satisfies((finding) -> assertThat(finding.problem()).contains("1500 ms behind"));
		assertThat(clock(Duration.ofMillis(2500)).examine()).singleElement()
			.satisfies((finding) -> assertThat(finding.problem()).contains("ahead of"));
		assertThat(clock(Duration.ofMillis(900)).examine()).isEmpty();
	}

	private static ClockExamination clock(Duration ahead) {
		return new ClockExamination("db", () -> CLOCK.instant().plus(ahead), CLOCK, Duration.ofSeconds(1));
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			// Like a driver that waits for a socket.
		}
	}

	private static Doctor doctor(Duration limit, Examination... examinations) {
		return new Doctor(List.of(examinations), limit, CLOCK, FailureText::error);
	}

}
