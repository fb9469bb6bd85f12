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

package dev.outbox.it.repositories;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.it.boot.TestApplication;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An application that keeps its books with a repository of Spring Data.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LibraryApplication {

	/**
	 * Adds a book, says so, and ends.
	 * @param properties what to set
	 */
	public static void main(String[] properties) {
		try (ConfigurableApplicationContext context = TestApplication.of(LibraryApplication.class)
			.with(properties)
			.run()) {
			Books books = context.getBean(Books.class);
			OutboxPublisher outbox = context.getBean(OutboxPublisher.class);
			new TransactionTemplate(context.getBean(MongoTransactionManager.class)).executeWithoutResult((status) -> {
				books.save(new Book("b-1", "Teapots"));
				outbox.publish(OutboxMessage.of("book", "b-1", "book.added", "{}"));
			});
		}
	}

	@Bean
	MongoTransactionManager transactionManager(MongoDatabaseFactory factory) {
		return new MongoTransactionManager(factory);
	}

}
