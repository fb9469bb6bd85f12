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

package dev.outbox.lab.limits;

import java.util.Map;
import java.util.function.Consumer;

import javax.sql.DataSource;

import dev.outbox.benchmark.baseline.HandWrittenRelay;
import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A loop that reads, sends and deletes, as one writes it in an afternoon: no order after
 * a failure, no retries, one instance.
 */
public final class HandWrittenContender implements Contender {

	@Override
	public Class<?> application() {
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		return Map.of("lab.relay", relay);
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		return new PlainTable(context.getBean(JdbcTemplate.class));
	}

	/**
	 * The application.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@ConditionalOnProperty(name = "lab.relay", havingValue = "true")
		LoopingThread loop(DataSource dataSource, @Value("${spring.kafka.bootstrap-servers}") String servers) {
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			HandWrittenRelay relay = new HandWrittenRelay(dataSource, LoopingThread.producer(servers));
			return new LoopingThread(() -> {
				Long waiting = jdbc.queryForObject("SELECT count(*) FROM outbox_event", Long.class);
				if (waiting != null && waiting > 0) {
					relay.drain(waiting);
					return true;
				}
				return false;
			}, relay::close);
		}

	}

}
