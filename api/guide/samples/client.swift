import Foundation

let api = "https://luatmo.example/api/v1"

struct Problem: Error, Decodable {
    let status: Int
    let code: String
    let detail: String?
    let errors: [Place]

    struct Place: Decodable {
        let detail: String
    }

    /// For people: with the code `invalid` each place says what is wrong.
    var words: String { errors.isEmpty ? detail ?? code : errors.map(\.detail).joined(separator: " ") }
}

struct Nothing: Codable {}

/// Call the API. Throws Problem.
func call<Answer: Decodable>(
    _ method: String, _ path: String, body: (any Encodable)? = nil, secret: String? = nil
) async throws -> Answer {
    var request = URLRequest(url: URL(string: path.hasPrefix("http") ? path : "\(api)/\(path)")!)
    request.httpMethod = method
    request.setValue("application/json", forHTTPHeaderField: "Accept")
    request.setValue("vi", forHTTPHeaderField: "Accept-Language")
    if let secret { request.setValue("Bearer \(secret)", forHTTPHeaderField: "Authorization") }
    if let body {
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = try JSONEncoder().encode(body)
    }
    let (data, response) = try await URLSession.shared.data(for: request)
    guard (response as! HTTPURLResponse).statusCode < 400 else {
        throw try JSONDecoder().decode(Problem.self, from: data)
    }
    return try JSONDecoder().decode(Answer.self, from: data.isEmpty ? Data("{}".utf8) : data)
}
