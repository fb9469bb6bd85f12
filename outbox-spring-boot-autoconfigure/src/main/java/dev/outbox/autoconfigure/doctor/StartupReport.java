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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.outbox.autoconfigure.relay.RelayPhase;
import dev.outbox.doctor.Diagnosis;
import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.Finding;
import dev.outbox.doctor.Severity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Logs in one line of what the outbox consists, and in one line each what the doctor
 * finds, once, shortly after the start, when the relay has joined the others. In a thread
 * of its own: the start neither waits for it nor fails.
 */
final class StartupReport implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Doctor.class);

	private final Doctor doctor;

	private final String outbox;

	private final Supplier<String> summary;

	private final boolean enabled;

	private final Duration delay;

	private volatile @Nullable CountDownLatch stopped;

	/**
	 * Creates the report.
	 * @param doctor examines the outbox
	 * @param outbox how the outbox is called in the log
	 * @param summary of what the outbox consists
	 * @param enabled whether there is to be a report
	 * @param delay how long after the start
	 */
	StartupReport(Doctor doctor, String outbox, Supplier<String> summary, boolean enabled, Duration delay) {
		this.doctor = doctor;
		this.outbox = outbox;
		this.summary = summary;
		this.enabled = enabled;
		this.delay = delay;
	}

	@Override
	public void start() {
		CountDownLatch latch = new CountDownLatch(1);
		this.stopped = latch;
		Thread thread = new Thread(() -> run(latch), "outbox-doctor");
		thread.setDaemon(true);
		thread.start();
	}

	private void run(CountDownLatch latch) {
		try {
			if (latch.await(this.delay.toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
			Diagnosis diagnosis = this.doctor.examine();
			if (latch.getCount() > 0) {
				log(diagnosis);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException ex) {
			logger.warn("The {} could not be examined. Nothing else is affected", this.outbox, ex);
		}
	}

	private void log(Diagnosis diagnosis) {
		List<Finding> serious = diagnosis.findings()
			.stream()
			.filter((finding) -> finding.severity() != Severity.NOTE)
			.toList();
		if (serious.isEmpty()) {
			logger.info("The {} is healthy: {}", this.outbox, this.summary.get());
			logger.debug("The {} was examined: {}", this.outbox, diagnosis.healthy());
		}
		else {
			logger.info("The {} has findings, below: {}", this.outbox, this.summary.get());
		}
		for (Finding finding : serious) {
			String line = "The {} has {} ({}): {}. {}";
			Object[] values = { this.outbox, finding.code(), finding.subject(), finding.problem(), finding.action() };
			if (finding.severity() == Severity.ERROR) {
				logger.error(line, values);
			}
			else {
				logger.warn(line, values);
			}
		}
	}

	@Override
	public void stop() {
		CountDownLatch latch = this.stopped;
		if (latch != null) {
			latch.countDown();
			// The relay needs the connections to write what the broker has acknowledged.
			this.doctor.cancel();
		}
		this.stopped = null;
	}

	@Override
	public boolean isRunning() {
		return this.stopped != null;
	}

	@Override
	public boolean isAutoStartup() {
		return this.enabled;
	}

	@Override
	public int getPhase() {
		return RelayPhase.PHASE + 1;
	}

}
